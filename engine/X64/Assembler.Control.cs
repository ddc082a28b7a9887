namespace Culverin.X64;

/// <summary>Jumps.</summary>
internal sealed partial class Assembler
{
    /// <summary>Jumps if the condition holds.</summary>
    /// <returns>
    /// Where the distance stands, for <see cref="Bind"/> or <see cref="SetTarget"/>; until then it leads to
    /// the next instruction.
    /// </returns>
    public int Jcc(Condition condition)
    {
        WriteByte(0x0F);
        WriteByte((byte)(0x80 | (int)condition));
        return WriteDistance();
    }

    /// <summary>Jumps.</summary>
    /// <returns>As <see cref="Jcc"/>.</returns>
    public int Jmp()
    {
        WriteByte(0xE9);
        return WriteDistance();
    }

    /// <summary>Jumps to an offset in this buffer.</summary>
    public void JmpTo(int target) => SetTarget(Jmp(), target);

    /// <summary>Jumps to the address in the operand.</summary>
    public void JmpIndirect(Operand operand) =>
        Write(OpcodeMap.OneByte, 0xFF, OperandSize.Bits32, 4, operand);

    /// <summary>Returns.</summary>
    public void Ret() => WriteByte(0xC3);

    private int WriteDistance()
    {
        WriteInt32(0);
        return Position - DistanceSizeBytes;
    }
}
