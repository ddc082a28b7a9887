using Culverin.X64;
using Iced.Intel;
using Xunit;
using Assembler = Culverin.X64.Assembler;
using HostRegister = Culverin.X64.Register;
using IcedRegister = Iced.Intel.Register;

namespace Culverin.Tests.X64;

/// <summary>
/// Writes one instruction with the assembler and reads it with an independent decoder; what it reads must be
/// what was meant.
/// </summary>
internal static class EncodedInstruction
{
    private const int BufferSizeBytes = 64;
    private const ulong Address = 0x10_0000;

    private static readonly IcedRegister[] Registers64 =
    [
        IcedRegister.RAX, IcedRegister.RCX, IcedRegister.RDX, IcedRegister.RBX,
        IcedRegister.RSP, IcedRegister.RBP, IcedRegister.RSI, IcedRegister.RDI,
        IcedRegister.R8, IcedRegister.R9, IcedRegister.R10, IcedRegister.R11,
        IcedRegister.R12, IcedRegister.R13, IcedRegister.R14, IcedRegister.R15,
    ];

    private static readonly IcedRegister[] Registers8 =
    [
        IcedRegister.AL, IcedRegister.CL, IcedRegister.DL, IcedRegister.BL,
        IcedRegister.SPL, IcedRegister.BPL, IcedRegister.SIL, IcedRegister.DIL,
        IcedRegister.R8L, IcedRegister.R9L, IcedRegister.R10L, IcedRegister.R11L,
        IcedRegister.R12L, IcedRegister.R13L, IcedRegister.R14L, IcedRegister.R15L,
    ];

    /// <summary>The decoder's name of a register of a size.</summary>
    public static IcedRegister Named(HostRegister register, OperandSize size) => size switch
    {
        OperandSize.Bits8 => Registers8[(int)register],
        OperandSize.Bits16 => IcedRegister.AX + (int)register,
        OperandSize.Bits32 => IcedRegister.EAX + (int)register,
        _ => Registers64[(int)register],
    };

    /// <summary>The decoder's name of a vector register.</summary>
    public static IcedRegister Named(VectorRegister register) => IcedRegister.YMM0 + (int)register;

    /// <summary>The decoder's name of a wide vector register.</summary>
    public static IcedRegister Named(WideVectorRegister register) => IcedRegister.ZMM0 + (int)register;

    /// <summary>Writes and reads.</summary>
    // SAFETY: the assembler knows the buffer's length; the buffer outlives it.
    public static unsafe Instruction Decode(Action<Assembler> write)
    {
        byte* buffer = stackalloc byte[BufferSizeBytes];
        var assembler = new Assembler(buffer, BufferSizeBytes);
        write(assembler);
        byte[] bytes = new Span<byte>(buffer, assembler.Position).ToArray();
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(bytes), Address);
        Instruction instruction = decoder.Decode();
        Assert.Equal(DecoderError.None, decoder.LastError);
        Assert.Equal(bytes.Length, instruction.Length);
        return instruction;
    }

    /// <summary>Writes, reads and compares.</summary>
    /// <param name="mnemonic">What must be read.</param>
    /// <param name="write">Writes it.</param>
    /// <param name="operands">A decoder's register, or an operand or a constant with its size.</param>
    public static void Check(Mnemonic mnemonic, Action<Assembler> write, params IEnumerable<object> operands)
    {
        Instruction instruction = Decode(write);
        string text = instruction.ToString();
        Assert.True(mnemonic == instruction.Mnemonic, $"{mnemonic} expected, got {text}");
        int number = 0;
        foreach (object operand in operands)
        {
            bool matches = operand switch
            {
                IcedRegister register => instruction.GetOpKind(number) == OpKind.Register
                    && instruction.GetOpRegister(number) == register,
                (Operand place, OperandSize size) => Matches(instruction, number, place, size),
                (int immediate, OperandSize size) =>
                    Truncated((long)instruction.GetImmediate(number), size) == Truncated(immediate, size),
                _ => false,
            };
            Assert.True(matches, $"operand {number} of {text} is not {operand}");
            number++;
        }

        Assert.Equal(number, instruction.OpCount);
    }

    // An immediate of a byte stands for a wider one; the decoder says it with more bits than count.
    private static long Truncated(long value, OperandSize size) => size switch
    {
        OperandSize.Bits8 => (byte)value,
        OperandSize.Bits16 => (ushort)value,
        OperandSize.Bits32 => (uint)value,
        _ => value,
    };

    private static bool Matches(Instruction instruction, int number, Operand place, OperandSize size)
    {
        if (!place.IsMemory)
        {
            return instruction.GetOpRegister(number) == Named(place.Register, size);
        }

        return instruction.GetOpKind(number) == OpKind.Memory
            && instruction.MemoryBase == Named(place.Register, OperandSize.Bits64)
            && instruction.MemoryIndex
                == (place.HasIndex ? Named(place.Index, OperandSize.Bits64) : IcedRegister.None)
            && (!place.HasIndex || instruction.MemoryIndexScale == 1 << place.ScaleShift)
            && (long)instruction.MemoryDisplacement64 == place.Displacement;
    }
}
