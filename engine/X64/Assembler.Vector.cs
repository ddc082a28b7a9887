namespace Culverin.X64;

/// <summary>Operations on four 64-bit elements side by side (AVX2); the number is the opcode.</summary>
internal enum VectorOperation : byte
{
    /// <summary>Addition of elements.</summary>
    Paddq = 0xD4,

    /// <summary>~first &amp; second.</summary>
    Pandn = 0xDF,

    /// <summary>Bitwise or.</summary>
    Por = 0xEB,

    /// <summary>Bitwise exclusive or.</summary>
    Pxor = 0xEF,
}

/// <summary>256-bit vectors.</summary>
internal sealed partial class Assembler
{
    private const byte ShiftQuadwordsOpcode = 0x73;
    private const int ShiftLeftDigit = 6;
    private const int ShiftRightDigit = 2;
    private const int Prefix66 = 1;
    private const int PrefixF3 = 2;

    /// <summary>target = first op second.</summary>
    public void Vector(
        VectorOperation operation, VectorRegister target, VectorRegister first, Operand second) =>
        WriteVex256(OpcodeMap.Escape0F, (byte)operation, Prefix66, (int)target, (int)first, second);

    /// <summary>target = each element of source shifted left.</summary>
    public void VectorShiftLeft(VectorRegister target, VectorRegister source, int count)
    {
        WriteVex256(
            OpcodeMap.Escape0F,
            ShiftQuadwordsOpcode,
            Prefix66,
            ShiftLeftDigit,
            (int)target,
            Operand.Of(source));
        WriteByte((byte)count);
    }

    /// <summary>target = each element of source shifted right with zeros.</summary>
    public void VectorShiftRight(VectorRegister target, VectorRegister source, int count)
    {
        WriteVex256(
            OpcodeMap.Escape0F,
            ShiftQuadwordsOpcode,
            Prefix66,
            ShiftRightDigit,
            (int)target,
            Operand.Of(source));
        WriteByte((byte)count);
    }

    /// <summary>target = 32 bytes of memory, or of another register.</summary>
    public void VectorMov(VectorRegister target, Operand source) =>
        WriteVex256(OpcodeMap.Escape0F, 0x6F, PrefixF3, (int)target, 0, source);

    /// <summary>32 bytes of memory = source.</summary>
    public void VectorMovInto(Operand target, VectorRegister source) =>
        WriteVex256(OpcodeMap.Escape0F, 0x7F, PrefixF3, (int)source, 0, target);

    /// <summary>Every element of target = 8 bytes of memory.</summary>
    public void VectorBroadcast(VectorRegister target, Operand memory) =>
        WriteVex256(OpcodeMap.Escape0F38, 0x59, Prefix66, (int)target, 0, memory);

    /// <summary>Clears the upper halves of vector registers, as functions do before they return.</summary>
    public void Vzeroupper()
    {
        WriteByte(0xC5);
        WriteByte(0xF8);
        WriteByte(0x77);
    }

    /// <summary>edx:eax = the extended control register whose number is in ecx.</summary>
    public void Xgetbv()
    {
        WriteByte(0x0F);
        WriteByte(0x01);
        WriteByte(0xD0);
    }

    private void WriteVex256(
        OpcodeMap map, byte opcode, int prefix, int register, int second, Operand operand) =>
        WriteVex(map, opcode, isWide: false, is256: true, prefix, register, second, operand);
}
