using System.Globalization;

namespace Culverin.Isa;

/// <summary>
/// Field values that stand for the fields themselves when a body is described: what comes back as a marker
/// prints as the field's name.
/// </summary>
internal sealed class InstructionMarkers
{
    private const long LastDecimal = 64;

    /// <summary>What the shifts for the upper half of a doubleword add to their shift amount.</summary>
    private const int DoublewordShift = 32;

    private readonly int _rs;
    private readonly int _rt;
    private readonly int _rd;
    private readonly int _shiftAmount;
    private readonly ushort _immediate;
    private readonly int _jumpIndex;

    // The immediate is negative as a signed number, so that sign and zero extension are told apart.
    private InstructionMarkers(int rs, int rt, int rd, int shiftAmount, ushort immediate, int jumpIndex)
    {
        _rs = rs;
        _rt = rt;
        _rd = rd;
        _shiftAmount = shiftAmount;
        _immediate = immediate;
        _jumpIndex = jumpIndex;
    }

    /// <summary>One set of markers.</summary>
    public static InstructionMarkers First { get; } = new(5, 6, 7, 13, 0x9ABC, 0x0123_4567);

    /// <summary>Another set, different in every field.</summary>
    public static InstructionMarkers Second { get; } = new(18, 19, 20, 21, 0xC3D5, 0x0345_6789);

    private long SignedImmediate => (short)_immediate;

    /// <summary>An instruction of this row with markers for fields.</summary>
    public Instruction Make(InstructionRow row)
    {
        uint fields = row.Format switch
        {
            InstructionFormat.Immediate => Registers() | _immediate,
            InstructionFormat.Jump => (uint)_jumpIndex,
            _ => Registers() | ((uint)_rd << 11) | ((uint)_shiftAmount << 6),
        };
        return new Instruction(0, row.Format, (fields & ~row.FixedMask) | row.FixedBits);
    }

    /// <summary>"rs", "rt", "rd", or the number of a register that the body names itself.</summary>
    public string NameOfRegister(int register)
    {
        if (register == _rs)
        {
            return "rs";
        }

        if (register == _rt)
        {
            return "rt";
        }

        return register == _rd ? "rd" : string.Create(CultureInfo.InvariantCulture, $"r{register}");
    }

    /// <summary>A field's name or the constant itself.</summary>
    public string NameOfConstant(long value)
    {
        if (value == SignedImmediate)
        {
            return "imm";
        }

        if (value == _immediate)
        {
            return "zext(imm)";
        }

        if (value == SignedImmediate << 16)
        {
            return "imm << 16";
        }

        if (value == _shiftAmount)
        {
            return "sa";
        }

        if (value == _shiftAmount + DoublewordShift)
        {
            return $"sa + {DoublewordShift}";
        }

        return value is >= 0 and <= LastDecimal
            ? value.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");
    }

    /// <summary>The index field's name, or its value if it is not the marker.</summary>
    public string NameOfJumpIndex(int index) =>
        index == _jumpIndex ? "index" : index.ToString(CultureInfo.InvariantCulture);

    private uint Registers() => ((uint)_rs << 21) | ((uint)_rt << 16);
}
