namespace Culverin.X64;

/// <summary>The two-operand operations that share one encoding scheme; the number is part of it.</summary>
internal enum AluOperation : byte
{
    /// <summary>Addition.</summary>
    Add = 0,

    /// <summary>Bitwise or.</summary>
    Or = 1,

    /// <summary>Bitwise and.</summary>
    And = 4,

    /// <summary>Subtraction.</summary>
    Sub = 5,

    /// <summary>Bitwise exclusive or.</summary>
    Xor = 6,

    /// <summary>Subtraction that only sets flags.</summary>
    Cmp = 7,
}

/// <summary>Shifts; the number is part of the encoding.</summary>
internal enum ShiftOperation : byte
{
    /// <summary>Left.</summary>
    Shl = 4,

    /// <summary>Right with zeros.</summary>
    Shr = 5,

    /// <summary>Right with copies of the sign.</summary>
    Sar = 7,
}

/// <summary>The one-operand operations that share one encoding scheme; the number is part of it.</summary>
internal enum UnaryOperation : byte
{
    /// <summary>Complement; leaves the flags.</summary>
    Not = 2,

    /// <summary>Negation.</summary>
    Neg = 3,

    /// <summary>rdx:rax = rax × operand, unsigned.</summary>
    Mul = 4,

    /// <summary>rdx:rax = rax × operand, signed.</summary>
    Imul = 5,

    /// <summary>rax, rdx = quotient and remainder of rdx:rax, unsigned.</summary>
    Div = 6,

    /// <summary>rax, rdx = quotient and remainder of rdx:rax, signed.</summary>
    Idiv = 7,
}

/// <summary>Arithmetic.</summary>
internal sealed partial class Assembler
{
    /// <summary>register = register op operand.</summary>
    public void Alu(AluOperation operation, OperandSize size, Register register, Operand operand) =>
        Write(
            OpcodeMap.OneByte,
            ByteOr(size, ((int)operation << 3) | 2),
            size,
            (int)register,
            operand);

    /// <summary>operand = operand op register.</summary>
    public void AluInto(AluOperation operation, OperandSize size, Operand operand, Register register) =>
        Write(
            OpcodeMap.OneByte,
            ByteOr(size, (int)operation << 3),
            size,
            (int)register,
            operand);

    /// <summary>operand = operand op value, sign-extended from 32 bits.</summary>
    public void AluImmediate(AluOperation operation, OperandSize size, Operand operand, int value)
    {
        if (size == OperandSize.Bits8)
        {
            Write(OpcodeMap.OneByte, 0x80, size, (int)operation, operand);
            WriteByte((byte)value);
        }
        else if (FitsInByte(value))
        {
            Write(OpcodeMap.OneByte, 0x83, size, (int)operation, operand);
            WriteByte((byte)value);
        }
        else
        {
            Write(OpcodeMap.OneByte, 0x81, size, (int)operation, operand);
            WriteImmediate(size, value);
        }
    }

    /// <summary>Sets flags by register &amp; operand.</summary>
    public void Test(OperandSize size, Operand operand, Register register) =>
        Write(OpcodeMap.OneByte, ByteOr(size, 0x84), size, (int)register, operand);

    /// <summary>Sets flags by the operand's low byte &amp; value.</summary>
    public void TestByte(Operand operand, byte value)
    {
        if (operand.Is(Register.Rax))
        {
            WriteByte(0xA8);
        }
        else
        {
            Write(OpcodeMap.OneByte, 0xF6, OperandSize.Bits8, 0, operand);
        }

        WriteByte(value);
    }

    /// <summary>An operation on one operand; multiplication and division also work on rax and rdx.</summary>
    public void Unary(UnaryOperation operation, OperandSize size, Operand operand) =>
        Write(OpcodeMap.OneByte, 0xF7, size, (int)operation, operand);

    /// <summary>The low half of register × operand, to register.</summary>
    public void Imul(OperandSize size, Register register, Operand operand) =>
        Write(OpcodeMap.Escape0F, 0xAF, size, (int)register, operand);

    /// <summary>Copies rax's sign into all of rdx.</summary>
    public void Cqo()
    {
        WriteByte(0x48);
        WriteByte(0x99);
    }

    /// <summary>Shifts by a constant.</summary>
    public void ShiftImmediate(ShiftOperation operation, OperandSize size, Operand operand, int count)
    {
        Write(OpcodeMap.OneByte, 0xC1, size, (int)operation, operand);
        WriteByte((byte)count);
    }

    /// <summary>register = operand shifted by count modulo the size; leaves the flags (BMI2).</summary>
    public void Shift(
        ShiftOperation operation, OperandSize size, Register register, Operand operand, Register count)
    {
        int prefix = operation switch
        {
            ShiftOperation.Shl => 1,
            ShiftOperation.Sar => 2,
            _ => 3,
        };
        WriteVex(0xF7, size, prefix, (int)register, (int)count, operand);
    }

    /// <summary>register = ~inverted &amp; operand (BMI1).</summary>
    public void Andn(OperandSize size, Register register, Register inverted, Operand operand) =>
        WriteVex(0xF2, size, 0, (int)register, (int)inverted, operand);

    /// <summary>Counts the zeros from the top (LZCNT).</summary>
    public void Lzcnt(OperandSize size, Register register, Operand operand) =>
        Write(OpcodeMap.Escape0F, 0xBD, size, (int)register, operand, 0xF3);

    private void WriteVex(
        byte opcode, OperandSize size, int prefix, int register, int second, Operand operand) =>
        WriteVex(
            OpcodeMap.Escape0F38,
            opcode,
            isWide: size == OperandSize.Bits64,
            is256: false,
            prefix,
            register,
            second,
            operand);
}
