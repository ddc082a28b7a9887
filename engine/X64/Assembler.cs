using System.Buffers.Binary;

namespace Culverin.X64;

/// <summary>
/// Writes x86-64 instructions into a buffer, one call each. It knows encodings, not what they are for; tests
/// decode every form with an independent decoder.
/// </summary>
/// <remarks>
/// Jumps are relative, so the code may be executed at another address than it was written at. Only jumps
/// forward to a place not yet written need two calls: the jump returns where its distance stands, and
/// <see cref="Bind"/> fills it in. One thread at a time.
/// </remarks>
internal sealed unsafe partial class Assembler
{
    private const int DistanceSizeBytes = 4;

    // SAFETY: every write goes through Write*, which keeps Position below the capacity; whoever made the
    // assembler owns the buffer and keeps it alive.
    private readonly byte* _buffer;
    private readonly int _capacity;

    /// <summary>Makes an assembler over a buffer.</summary>
    /// <param name="buffer">Where offset 0 is.</param>
    /// <param name="capacityBytes">Size of the buffer.</param>
    public Assembler(byte* buffer, int capacityBytes)
    {
        _buffer = buffer;
        _capacity = capacityBytes;
    }

    private enum OpcodeMap : byte
    {
        OneByte = 0,
        Escape0F = 1,
        Escape0F38 = 2,
        Escape0F3A = 3,
    }

    /// <summary>Offset of the next instruction; may be set back to write something again.</summary>
    public int Position { get; set; }

    /// <summary>Bytes left in the buffer.</summary>
    public int Free => _capacity - Position;

    /// <summary>Lets a forward jump lead to the current position.</summary>
    /// <param name="distanceOffset">What the jump returned.</param>
    public void Bind(int distanceOffset) => SetTarget(distanceOffset, Position);

    /// <summary>Lets a jump that was written before lead elsewhere; 4 bytes change.</summary>
    /// <param name="distanceOffset">What the jump returned.</param>
    /// <param name="target">Offset to jump to.</param>
    public void SetTarget(int distanceOffset, int target) => BinaryPrimitives.WriteInt32LittleEndian(
        new Span<byte>(_buffer + distanceOffset, DistanceSizeBytes),
        target - (distanceOffset + DistanceSizeBytes));

    // Many opcodes are for bytes, and one higher for all other sizes.
    private static byte ByteOr(OperandSize size, int opcode) =>
        (byte)(size == OperandSize.Bits8 ? opcode : opcode + 1);

    private static bool FitsInByte(int value) => value == (sbyte)value;

    // One instruction: prefix, REX, opcode, ModRM and what belongs to it. The immediate, if any, follows.
    private void Write(
        OpcodeMap map, byte opcode, OperandSize size, int register, Operand operand, byte prefix = 0)
    {
        if (prefix != 0)
        {
            WriteByte(prefix);
        }

        if (size == OperandSize.Bits16)
        {
            WriteByte(0x66);
        }

        int rex = (size == OperandSize.Bits64 ? 8 : 0) | ((register >> 3) << 2) | ExtensionBits(operand);

        // Without a REX prefix, registers 4 to 7 as bytes are ah to bh.
        bool namesByte = size == OperandSize.Bits8
            && (register >= 4 || (!operand.IsMemory && (int)operand.Register >= 4));
        if (rex != 0 || namesByte)
        {
            WriteByte((byte)(0x40 | rex));
        }

        if (map != OpcodeMap.OneByte)
        {
            WriteByte(0x0F);
        }

        if (map == OpcodeMap.Escape0F38)
        {
            WriteByte(0x38);
        }

        WriteByte(opcode);
        WriteOperand(register, operand);
    }

    // An instruction with a second source, in the three-byte VEX form.
    private void WriteVex(
        OpcodeMap map,
        byte opcode,
        bool isWide,
        bool is256,
        int prefix,
        int register,
        int second,
        Operand operand)
    {
        int extensions = ((register >> 3) << 2) | ExtensionBits(operand);
        WriteByte(0xC4);
        WriteByte((byte)(((~extensions & 7) << 5) | (int)map));
        WriteByte((byte)((isWide ? 0x80 : 0) | ((~second & 15) << 3) | (is256 ? 4 : 0) | prefix));
        WriteByte(opcode);
        WriteOperand(register, operand);
    }

    private static int ExtensionBits(Operand operand) =>
        (operand.HasIndex ? ((int)operand.Index >> 3) << 1 : 0) | ((int)operand.Register >> 3);

    private void WriteOperand(int register, Operand operand)
    {
        int registerField = (register & 7) << 3;
        int baseField = (int)operand.Register & 7;
        if (!operand.IsMemory)
        {
            WriteByte((byte)(0xC0 | registerField | baseField));
            return;
        }

        // A base of rbp or r13 without displacement means something else, and rsp or r12 need a SIB byte.
        bool hasDisplacement = operand.Displacement != 0 || baseField == (int)Register.Rbp;
        int mode = !hasDisplacement ? 0 : FitsInByte(operand.Displacement) ? 1 : 2;
        bool needsSib = operand.HasIndex || baseField == (int)Register.Rsp;
        WriteByte((byte)((mode << 6) | registerField | (needsSib ? 4 : baseField)));
        if (needsSib)
        {
            int indexField = operand.HasIndex ? (int)operand.Index & 7 : (int)Register.Rsp;
            WriteByte((byte)((operand.ScaleShift << 6) | (indexField << 3) | baseField));
        }

        if (mode == 1)
        {
            WriteByte((byte)operand.Displacement);
        }
        else if (mode == 2)
        {
            WriteInt32(operand.Displacement);
        }
    }

    private void WriteImmediate(OperandSize size, int value)
    {
        switch (size)
        {
            case OperandSize.Bits8:
                WriteByte((byte)value);
                break;
            case OperandSize.Bits16:
                WriteByte((byte)value);
                WriteByte((byte)(value >> 8));
                break;
            default:
                WriteInt32(value);
                break;
        }
    }

    private void WriteByte(byte value)
    {
        if (Position >= _capacity)
        {
            throw new InvalidOperationException("The code buffer is full.");
        }

        _buffer[Position++] = value;
    }

    private void WriteInt32(int value)
    {
        WriteByte((byte)value);
        WriteByte((byte)(value >> 8));
        WriteByte((byte)(value >> 16));
        WriteByte((byte)(value >> 24));
    }
}
