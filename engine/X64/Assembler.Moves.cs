namespace Culverin.X64;

/// <summary>Moves and conversions; none changes the flags.</summary>
internal sealed partial class Assembler
{
    /// <summary>register = operand; 32 bits clear the upper half.</summary>
    public void Mov(OperandSize size, Register register, Operand operand) =>
        Write(OpcodeMap.OneByte, ByteOr(size, 0x8A), size, (int)register, operand);

    /// <summary>operand = register.</summary>
    public void MovInto(OperandSize size, Operand operand, Register register) =>
        Write(OpcodeMap.OneByte, ByteOr(size, 0x88), size, (int)register, operand);

    /// <summary>register = all 64 bits of value, in the shortest form that leaves the flags.</summary>
    public void MovImmediate(Register register, ulong value)
    {
        int number = (int)register;
        if (value <= uint.MaxValue)
        {
            if (number >= 8)
            {
                WriteByte(0x41);
            }

            WriteByte((byte)(0xB8 | (number & 7)));
            WriteInt32((int)value);
        }
        else if ((long)value == (int)value)
        {
            Write(OpcodeMap.OneByte, 0xC7, OperandSize.Bits64, 0, register);
            WriteInt32((int)value);
        }
        else
        {
            WriteByte((byte)(0x48 | (number >> 3)));
            WriteByte((byte)(0xB8 | (number & 7)));
            WriteInt32((int)value);
            WriteInt32((int)(value >> 32));
        }
    }

    /// <summary>Memory = value, sign-extended from 32 bits.</summary>
    public void MovImmediate(OperandSize size, Operand operand, int value)
    {
        Write(OpcodeMap.OneByte, ByteOr(size, 0xC6), size, 0, operand);
        WriteImmediate(size, value);
    }

    /// <summary>register = the operand's low 8 or 16 bits, zero-extended.</summary>
    public void MovZeroExtended(Register register, Operand operand, OperandSize from) =>
        WriteExtension(ByteOr(from, 0xB6), OperandSize.Bits32, register, operand, from);

    /// <summary>register = the operand's low 8, 16 or 32 bits, sign-extended to size.</summary>
    public void MovSignExtended(OperandSize size, Register register, Operand operand, OperandSize from)
    {
        if (from == OperandSize.Bits32)
        {
            Write(OpcodeMap.OneByte, 0x63, OperandSize.Bits64, (int)register, operand);
        }
        else
        {
            WriteExtension(ByteOr(from, 0xBE), size, register, operand, from);
        }
    }

    /// <summary>register = memory with its bytes reversed; 16, 32 or 64 bits (MOVBE).</summary>
    public void Movbe(OperandSize size, Register register, Operand memory) =>
        Write(OpcodeMap.Escape0F38, 0xF0, size, (int)register, memory);

    /// <summary>memory = register with its bytes reversed; 16, 32 or 64 bits (MOVBE).</summary>
    public void MovbeInto(OperandSize size, Operand memory, Register register) =>
        Write(OpcodeMap.Escape0F38, 0xF1, size, (int)register, memory);

    /// <summary>Reverses the bytes of a register; 32 or 64 bits.</summary>
    public void Bswap(OperandSize size, Register register)
    {
        int number = (int)register;
        int rex = (size == OperandSize.Bits64 ? 8 : 0) | (number >> 3);
        if (rex != 0)
        {
            WriteByte((byte)(0x40 | rex));
        }

        WriteByte(0x0F);
        WriteByte((byte)(0xC8 | (number & 7)));
    }

    /// <summary>register = the address of the memory operand.</summary>
    public void Lea(OperandSize size, Register register, Operand memory) =>
        Write(OpcodeMap.OneByte, 0x8D, size, (int)register, memory);

    /// <summary>register = operand if the condition holds; 32 bits clear the upper half either way.</summary>
    public void Cmov(Condition condition, OperandSize size, Register register, Operand operand) =>
        Write(OpcodeMap.Escape0F, (byte)(0x40 | (int)condition), size, (int)register, operand);

    /// <summary>The operand's low byte = 1 if the condition holds, else 0.</summary>
    public void Setcc(Condition condition, Operand operand) =>
        Write(OpcodeMap.Escape0F, (byte)(0x90 | (int)condition), OperandSize.Bits8, 0, operand);

    /// <summary>Pushes a register.</summary>
    public void Push(Register register) => WriteWithNumber(0x50, register);

    /// <summary>Pops a register.</summary>
    public void Pop(Register register) => WriteWithNumber(0x58, register);

    private void WriteWithNumber(byte opcode, Register register)
    {
        if (register >= Register.R8)
        {
            WriteByte(0x41);
        }

        WriteByte((byte)(opcode | ((int)register & 7)));
    }

    // The byte rule is about the source here, so the size given on is the source's for registers as bytes.
    private void WriteExtension(
        byte opcode, OperandSize size, Register register, Operand operand, OperandSize from)
    {
        bool needsRex = from == OperandSize.Bits8
            && !operand.IsMemory
            && operand.Register is >= Register.Rsp and <= Register.Rdi
            && size == OperandSize.Bits32
            && register < Register.R8;
        if (needsRex)
        {
            WriteByte(0x40);
        }

        Write(OpcodeMap.Escape0F, opcode, size, (int)register, operand);
    }
}
