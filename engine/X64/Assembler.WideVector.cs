namespace Culverin.X64;

/// <summary>512-bit vectors of eight 64-bit elements (AVX-512 F).</summary>
internal sealed partial class Assembler
{
    private const byte RotateQuadwordsOpcode = 0x72;
    private const int RotateLeftDigit = 1;

    /// <summary>target = 64 bytes of memory at base + displacement.</summary>
    public void WideVectorMov(WideVectorRegister target, Operand memory) =>
        WriteEvexMemory(OpcodeMap.Escape0F, 0x6F, PrefixF3, (int)target, 0, memory, isBroadcast: false);

    /// <summary>64 bytes of memory at base + displacement = source.</summary>
    public void WideVectorMovInto(Operand target, WideVectorRegister source) =>
        WriteEvexMemory(OpcodeMap.Escape0F, 0x7F, PrefixF3, (int)source, 0, target, isBroadcast: false);

    /// <summary>target = source.</summary>
    public void WideVectorMov(WideVectorRegister target, WideVectorRegister source) =>
        WriteEvex(OpcodeMap.Escape0F, 0x6F, Prefix66, (int)target, 0, source);

    /// <summary>target = each element of source rotated left.</summary>
    public void WideVectorRotateLeft(WideVectorRegister target, WideVectorRegister source, int count)
    {
        WriteEvex(
            OpcodeMap.Escape0F, RotateQuadwordsOpcode, Prefix66, RotateLeftDigit, (int)target, source);
        WriteByte((byte)count);
    }

    /// <summary>target = each element of first xor the same 8 bytes at base + displacement.</summary>
    public void WideVectorXorBroadcast(
        WideVectorRegister target, WideVectorRegister first, Operand memory) =>
        WriteEvexMemory(
            OpcodeMap.Escape0F, 0xEF, Prefix66, (int)target, (int)first, memory, isBroadcast: true);

    /// <summary>target = any function of three bits, for all bits of target, second and third.</summary>
    /// <param name="target">First input, and result.</param>
    /// <param name="second">Second input.</param>
    /// <param name="third">Third input.</param>
    /// <param name="truthTable">
    /// Bit 4a + 2b + c is the result for bits a, b and c of the three inputs.
    /// </param>
    public void WideVectorTernary(
        WideVectorRegister target, WideVectorRegister second, WideVectorRegister third, byte truthTable)
    {
        WriteEvex(OpcodeMap.Escape0F3A, 0x25, Prefix66, (int)target, (int)second, third);
        WriteByte(truthTable);
    }

    private void WriteEvex(
        OpcodeMap map, byte opcode, int prefix, int register, int second, WideVectorRegister operand)
    {
        int number = (int)operand;
        WriteEvexPrefix(map, prefix, register, second, number >> 4, number >> 3, isBroadcast: false);
        WriteByte(opcode);
        WriteByte((byte)(0xC0 | ((register & 7) << 3) | (number & 7)));
    }

    // Short displacements count in operands there, so all are written long.
    private void WriteEvexMemory(
        OpcodeMap map, byte opcode, int prefix, int register, int second, Operand memory, bool isBroadcast)
    {
        int number = (int)memory.Register;
        if (!memory.IsMemory || memory.HasIndex || (number & 7) == (int)Register.Rsp)
        {
            throw new ArgumentException("The operand must be a base and a displacement.", nameof(memory));
        }

        WriteEvexPrefix(map, prefix, register, second, 0, number >> 3, isBroadcast);
        WriteByte(opcode);
        WriteByte((byte)(0x80 | ((register & 7) << 3) | (number & 7)));
        WriteInt32(memory.Displacement);
    }

    // The fields that extend register numbers are all stored inverted.
    private void WriteEvexPrefix(
        OpcodeMap map, int prefix, int register, int second, int indexBit, int baseBit, bool isBroadcast)
    {
        int extensions = ((register >> 3 & 1) << 3) | ((indexBit & 1) << 2) | ((baseBit & 1) << 1)
            | (register >> 4 & 1);
        WriteByte(0x62);
        WriteByte((byte)(((~extensions & 15) << 4) | (int)map));
        WriteByte((byte)(0x84 | ((~second & 15) << 3) | prefix));
        WriteByte((byte)(0x40 | (isBroadcast ? 0x10 : 0) | ((~(second >> 4) & 1) << 3)));
    }
}
