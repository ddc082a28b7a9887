using Culverin.Isa;
using Culverin.Versions;

namespace Culverin.Tests.Shared.Engines;

/// <summary>
/// Instruction words one at a time: every instruction of a version that neither traps nor transfers control,
/// with registers that are often the same, and accesses near an address.
/// </summary>
internal sealed class HotWords
{
    /// <summary>Holds an address among data inside the code; hardly anything writes it.</summary>
    public const int IslandBaseRegister = 24;

    /// <summary>Counts loops.</summary>
    public const int CounterRegister = 25;

    /// <summary>The first of five registers that hold addresses.</summary>
    public const int FirstBaseRegister = 26;

    /// <summary>Holds an address in the middle of the code; nothing writes it.</summary>
    public const int CodeBaseRegister = 28;

    /// <summary>The last of the registers that hold addresses.</summary>
    public const int LastBaseRegister = 30;

    /// <summary>Holds return addresses.</summary>
    public const int LinkRegister = 31;

    private const int RsShift = 21;
    private const int RtShift = 16;
    private const int RdShift = 11;

    private static readonly HashSet<string> NotCalm =
    [
        "ll", "sc", "lld", "scd", "j", "jal", "jr", "jalr", "syscall", "div", "divu", "ddiv", "ddivu",
        "reserved", "beq", "bne", "blez", "bgtz", "bltz", "bgez", "bltzal", "bgezal", "regimm",
    ];

    private readonly Random _random;
    private readonly bool _isWide;
    private readonly Dictionary<string, InstructionRow> _rows;
    private readonly InstructionRow[] _calm;
    private readonly InstructionRow[] _accesses;

    /// <summary>Makes words of a version.</summary>
    public HotWords(Random random, FeatureSet features)
    {
        _random = random;
        _isWide = features.WordBits == 64;
        _rows = new Decoder(features).Opcodes.Select(opcode => InstructionSet.Rows[opcode - 1])
            .ToDictionary(row => row.Mnemonic);
        _accesses = [.. _rows.Values.Where(row => WidthOf(row.Mnemonic) > 0)];
        _calm =
        [
            .. _rows.Values.Where(
                row => !NotCalm.Contains(row.Mnemonic) && WidthOf(row.Mnemonic) == 0),
        ];
    }

    /// <summary>Whether the version has an instruction.</summary>
    public bool Has(string mnemonic) => _rows.ContainsKey(mnemonic);

    /// <summary>An instruction that only computes.</summary>
    public uint Calm() => Calm(Target());

    /// <summary>An instruction that only computes, and sets this register unless it is HI or LO.</summary>
    public uint Calm(int target)
    {
        InstructionRow row = _calm[_random.Next(_calm.Length)];
        int alias = _random.Next(10);
        int rs = alias is 0 or 1 ? target : Source();
        int rt = alias is 1 or 2 ? target : Source();
        return row.Format == InstructionFormat.Immediate
            ? Immediate(row.Mnemonic, rs, target, RandomImmediate())
            : Registers(row.Mnemonic, rs, rt, target, _random.Next(32));
    }

    /// <summary>An instruction with three registers and a shift amount.</summary>
    public uint Registers(string mnemonic, int rs, int rt, int rd, int shift = 0) => Fix(
        mnemonic,
        ((uint)rs << RsShift) | ((uint)rt << RtShift) | ((uint)rd << RdShift) | ((uint)shift << 6));

    /// <summary>An instruction with two registers and 16 bits.</summary>
    public uint Immediate(string mnemonic, int rs, int rt, int immediate) => Fix(
        mnemonic, ((uint)rs << RsShift) | ((uint)rt << RtShift) | (ushort)immediate);

    /// <summary>A jump.</summary>
    public uint Jump(string mnemonic, ulong target) => Fix(mnemonic, (uint)(target >> 2) & 0x03FF_FFFF);

    /// <summary>A load or store near an offset from a register, mostly aligned if that is.</summary>
    public uint Access(int baseRegister, int near, int spread)
    {
        InstructionRow row = _accesses[_random.Next(_accesses.Length)];
        int offset = near + _random.Next(-spread, spread);
        int width = WidthOf(row.Mnemonic);
        offset = _random.Next(12) == 0 ? offset : offset & -width;
        int value = _random.Next(12) == 0 ? baseRegister : row.Mnemonic[0] == 's' ? Source() : Target();
        bool isKept = baseRegister is CodeBaseRegister or IslandBaseRegister && row.Mnemonic[0] == 'l';
        return Immediate(row.Mnemonic, baseRegister, isKept && value == baseRegister ? 1 : value, offset);
    }

    /// <summary>Sets a register to a constant.</summary>
    public IEnumerable<uint> Constant(int register, ulong value)
    {
        if (!_isWide || (long)value == (int)value)
        {
            yield return Immediate("lui", 0, register, (int)(value >> 16));
            yield return Immediate("ori", register, register, (int)value);
            yield break;
        }

        yield return Immediate("ori", 0, register, (int)(value >> 48));
        for (int shift = 32; shift >= 0; shift -= 16)
        {
            yield return Registers("dsll", 0, register, register, 16);
            yield return Immediate("ori", register, register, (int)(value >> shift));
        }
    }

    /// <summary>A register to set: sometimes none, or one that others count on.</summary>
    public int Target() => _random.Next(64) switch
    {
        0 => OtherBase(),
        1 => CounterRegister,
        2 or 3 => LinkRegister,
        < 7 => 0,
        _ => _random.Next(1, IslandBaseRegister),
    };

    /// <summary>A register to read.</summary>
    public int Source() => _random.Next(16) == 0 ? _random.Next(32) : _random.Next(IslandBaseRegister);

    /// <summary>A register with an address; any other seldom.</summary>
    public int Base() => _random.Next(32) == 0
        ? _random.Next(32)
        : _random.Next(8) == 0 ? IslandBaseRegister : OtherBase();

    /// <summary>16 bits that lean towards the borders.</summary>
    public int RandomImmediate() => _random.Next(4) switch
    {
        0 => _random.Next(-4, 5),
        1 => (1 << _random.Next(16)) - _random.Next(2),
        _ => _random.Next(1 << 16),
    };

    // How an access is aligned, in bytes; 0 for other instructions.
    private static int WidthOf(string mnemonic) => mnemonic switch
    {
        "lb" or "lbu" or "sb" or "lwl" or "lwr" or "swl" or "swr" or "ldl" or "ldr" or "sdl" or "sdr" => 1,
        "lh" or "lhu" or "sh" => 2,
        "lw" or "lwu" or "sw" => 4,
        "ld" or "sd" => 8,
        _ => 0,
    };

    private int OtherBase()
    {
        int register = _random.Next(FirstBaseRegister, LastBaseRegister);
        return register < CodeBaseRegister ? register : register + 1;
    }

    private uint Fix(string mnemonic, uint fields)
    {
        InstructionRow row = _rows[mnemonic];
        return (fields & ~row.FixedMask) | row.FixedBits;
    }
}
