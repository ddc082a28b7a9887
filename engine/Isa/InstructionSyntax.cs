namespace Culverin.Isa;

/// <summary>
/// How assembly language writes an instruction's operands: field names between marks that stand for
/// themselves.
/// </summary>
/// <remarks>
/// "rs", "rt", "rd" are registers, "sa" is the shift amount, "imm" the signed and "uimm" the unsigned
/// immediate, "target" where a jump or branch leads, "op" the rt field as a number.
/// </remarks>
internal static class InstructionSyntax
{
    /// <summary>No operands.</summary>
    public const string None = "";

    /// <summary>Loads and stores.</summary>
    public const string Memory = "rt, imm(rs)";

    /// <summary>Branches that compare two registers.</summary>
    public const string CompareAndBranch = "rs, rt, target";

    /// <summary>Branches that compare a register with 0.</summary>
    public const string Branch = "rs, target";

    /// <summary>Shifts whose amount is in a register.</summary>
    public const string ShiftByRegister = "rd, rt, rs";

    /// <summary>Multiplications and divisions, whose result is in hi and lo.</summary>
    public const string TwoSources = "rs, rt";

    /// <summary>Moves to hi and lo.</summary>
    public const string OneSource = "rs";

    /// <summary>Logic with an immediate.</summary>
    public const string UnsignedImmediate = "rt, rs, uimm";

    /// <summary>An immediate for the upper half of a word.</summary>
    public const string Upper = "rt, uimm";

    /// <summary>Traps that compare with an immediate.</summary>
    public const string TrapImmediate = "rs, imm";

    /// <summary>Hints to a memory system.</summary>
    public const string Hint = "op, imm(rs)";

    /// <summary>Loads and stores of floating-point registers.</summary>
    public const string FloatMemory = "ft, imm(rs)";

    /// <summary>Moves between a general and a floating-point register.</summary>
    public const string FloatMove = "rt, fd";

    /// <summary>Moves between a general register and one of another kind.</summary>
    public const string SpecialRegister = "rt, cd";

    /// <summary>Branches without a register.</summary>
    public const string Target = "target";

    /// <summary>Bits taken out of a word.</summary>
    public const string Extract = "rt, rs, sa, size";

    /// <summary>More than 32 bits taken out of a doubleword.</summary>
    public const string ExtractLong = "rt, rs, sa, longsize";

    /// <summary>Bits taken out of a doubleword's upper half.</summary>
    public const string ExtractUpper = "rt, rs, usa, size";

    /// <summary>Bits put into a word.</summary>
    public const string Insert = "rt, rs, sa, width";

    /// <summary>Bits put into both halves of a doubleword.</summary>
    public const string InsertLong = "rt, rs, sa, longwidth";

    /// <summary>Bits put into a doubleword's upper half.</summary>
    public const string InsertUpper = "rt, rs, usa, width";

    /// <summary>What most instructions write: target first, then sources, then the number.</summary>
    /// <param name="bits">The row's pattern, 32 characters.</param>
    /// <param name="format">The row's format.</param>
    public static string OfFields(string bits, InstructionFormat format)
    {
        bool Has(char field) => bits.Contains(field, StringComparison.Ordinal);
        (string Name, bool IsWritten)[] operands = format switch
        {
            InstructionFormat.Jump => [("target", true)],
            InstructionFormat.Immediate => [("rt", Has('t')), ("rs", Has('s')), ("imm", true)],
            _ => [("rd", Has('d')), ("rs", Has('s')), ("rt", Has('t')), ("sa", Has('a'))],
        };
        return string.Join(
            ", ", Array.ConvertAll(
                Array.FindAll(operands, operand => operand.IsWritten), operand => operand.Name));
    }
}
