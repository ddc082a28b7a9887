using Culverin.Versions;

namespace Culverin.Tests.Shared.Engines;

/// <summary>
/// Code that comes back to its start, made of what translators get wrong: loops, calls, jumps through
/// registers, delay slots that change what the branch looks at, neighbouring accesses, constants, stores into
/// code that is about to run.
/// </summary>
internal sealed partial class HotCode
{
    /// <summary>Words of data in front, which the code jumps over.</summary>
    public const int IslandWords = 64;

    /// <summary>Offset of the data's middle from the code's start, in bytes.</summary>
    public const int IslandMiddle = (2 + (IslandWords / 2)) * 4;

    private const uint SystemCall = 0x0000_000C;
    private const uint NoSuchInstruction = 0xFFFF_FFFF;
    private const int SkipMax = 12;

    // More words than a block has, and than a branch at its end skips.
    private const int BlockMax = 64;

    private static readonly string[] Branches =
        ["beq", "bne", "blez", "bgtz", "bltz", "bgez", "bltzal", "bgezal", "regimm"];

    private readonly Random _random;
    private readonly HotWords _words;
    private readonly RandomCode _others;
    private readonly ulong _start;
    private readonly ulong _codeBase;
    private readonly bool _mayTrap;
    private readonly string[] _branches;
    private readonly List<uint> _code = [];
    private readonly List<int> _functions = [];
    private readonly List<int> _calm = [];

    /// <summary>Begins code at an address.</summary>
    /// <param name="random">Decides everything.</param>
    /// <param name="features">The version's rules.</param>
    /// <param name="start">Address of the first word.</param>
    /// <param name="codeBase">What the register for the code's middle holds.</param>
    public HotCode(Random random, FeatureSet features, ulong start, ulong codeBase)
    {
        _random = random;
        _words = new HotWords(random, features);
        _others = new RandomCode(random, features);
        _start = start;
        _codeBase = codeBase;
        _mayTrap = random.Next(6) == 0;
        _branches = [.. Branches.Where(_words.Has)];
    }

    /// <summary>Whether it may write to itself.</summary>
    public bool ChangesCode { get; init; }

    /// <summary>Makes so many words.</summary>
    /// <param name="count">How many; some hundred at least.</param>
    /// <param name="bases">Addresses to set registers to at the start of every pass.</param>
    /// <param name="comesBack">Whether the last words jump to the start.</param>
    public uint[] Make(int count, IReadOnlyList<(int Register, ulong Address)> bases, bool comesBack)
    {
        _code.Add(_words.Immediate("beq", 0, 0, IslandWords + 1));
        _code.Add(0);
        for (int index = 0; index < IslandWords; index++)
        {
            _code.Add((uint)_random.NextInt64(1L << 32));
        }

        foreach ((int register, ulong address) in bases)
        {
            _code.AddRange(_words.Constant(register, address));
        }

        while (_code.Count < count - BlockMax)
        {
            Block();
        }

        int end = comesBack ? count - 2 : count;
        while (_code.Count < end)
        {
            // Sometimes on to the last word of all.
            bool isBranch = _random.Next(8) == 0 && _code.Count < end - 2;
            _code.Add(isBranch
                ? _words.Immediate("bne", _words.Source(), _words.Source(), end - _code.Count - 2)
                : _words.Calm());
            if (isBranch)
            {
                _code.Add(_words.Calm());
            }
        }

        if (comesBack)
        {
            _code.Add(_words.Immediate("beq", 0, 0, -_code.Count - 1));
            _code.Add(_words.Calm());
        }

        return [.. _code];
    }

    private void Block()
    {
        int kind = _random.Next(100);
        switch (kind)
        {
            case < 18:
                Straight(_random.Next(1, 10));
                break;
            case < 40:
                Accesses(_random.Next(1, 9));
                break;
            case < 48:
                Loop();
                break;
            case < 62:
                Branch();
                break;
            case < 70:
                Call();
                break;
            case < 75:
                JumpThroughRegister();
                break;
            case < 80:
                Constants();
                break;
            case < 89:
                Unaligned();
                break;
            case < 93 when ChangesCode:
                ChangeCode();
                break;
            case < 95:
                Divide();
                break;
            case < 97:
                _code.AddRange(_others.Reservation());
                break;
            case < 99:
                _code.AddRange(_others.SystemCall(mayEnd: _mayTrap));
                break;
            default:
                Trap();
                break;
        }
    }

    private void Straight(int count)
    {
        for (int index = 0; index < count; index++)
        {
            _calm.Add(_code.Count);
            _code.Add(_words.Calm());
        }
    }

    private void Loop()
    {
        int counter = HotWords.CounterRegister;
        _code.Add(_words.Immediate("addiu", 0, counter, _random.Next(1, 30)));
        int start = _code.Count;
        int blocks = _random.Next(1, 4);
        for (int block = 0; block < blocks; block++)
        {
            switch (_random.Next(5))
            {
                case 0:
                    Branch();
                    break;
                case 1 or 2:
                    Accesses(_random.Next(1, 6));
                    break;
                default:
                    Straight(_random.Next(1, 6));
                    break;
            }
        }

        uint down = _words.Immediate("addiu", counter, counter, -1);
        bool isInSlot = _random.Next(3) == 0;
        if (!isInSlot)
        {
            _code.Add(down);
        }

        string mnemonic = _random.Next(2) == 0 ? "bne" : "bgtz";
        _code.Add(_words.Immediate(mnemonic, counter, 0, start - _code.Count - 1));
        _code.Add(isInSlot ? down : Slot(counter, 0));
    }

    private void Branch()
    {
        string mnemonic = _branches[_random.Next(_branches.Length)];
        int rs = _words.Source();
        int rt = mnemonic[0] == 'b' && mnemonic.Length == 3 ? _words.Source() : _random.Next(32);
        if (_random.Next(4) == 0)
        {
            int flag = _random.Next(1, 24);
            _code.Add(_words.Registers(_random.Next(2) == 0 ? "sltu" : "slt", rs, rt, flag));
            rs = flag;
            rt = 0;
            mnemonic = _random.Next(2) == 0 ? "beq" : "bne";
        }

        _code.Add(_words.Immediate(mnemonic, rs, rt, _random.Next(1, SkipMax)));
        _code.Add(Slot(rs, rt));
    }

    // A function is jumped over where it stands, and called from behind it.
    private void Call()
    {
        if (_functions.Count == 0 || _random.Next(3) == 0)
        {
            int jump = _code.Count;
            _code.Add(0);
            _code.Add(Slot(0, 0));
            _functions.Add(_code.Count);
            Straight(_random.Next(1, 4));
            Accesses(_random.Next(0, 4));
            _code.Add(_words.Registers("jr", HotWords.LinkRegister, 0, 0));
            _code.Add(Slot(0, HotWords.LinkRegister));
            _code[jump] = _words.Immediate("beq", 0, 0, _code.Count - jump - 1);
            return;
        }

        ulong target = AddressOf(_functions[_random.Next(_functions.Count)]);
        if (_random.Next(3) != 0 && (AddressOf(_code.Count + 1) ^ target) >> 28 == 0)
        {
            _code.Add(_words.Jump(_random.Next(8) == 0 ? "j" : "jal", target));
            _code.Add(Slot(0, HotWords.LinkRegister));
        }
        else
        {
            int register = _random.Next(1, 24);
            _code.AddRange(_words.Constant(register, target));
            _code.Add(_words.Registers("jalr", register, 0, HotWords.LinkRegister));
            _code.Add(Slot(register, HotWords.LinkRegister));
        }
    }

    private void JumpThroughRegister()
    {
        int register = _random.Next(1, 24);
        int length = _words.Constant(register, AddressOf(_code.Count)).Count() + 4;
        int skip = _random.Next(1, SkipMax);
        ulong target = AddressOf(_code.Count + length + skip);
        uint[] constant = [.. _words.Constant(register, target)];
        _code.AddRange(constant);

        // Adds nothing, which only shows when it runs.
        int nothing = _random.Next(1, 24);
        int any = _words.Source();
        string add = _words.Has("daddu") ? "daddu" : "addu";
        bool isKnown = nothing == register || _random.Next(4) == 0;
        _code.Add(isKnown ? 0 : _words.Registers(_random.Next(2) == 0 ? "sltu" : "xor", any, any, nothing));
        _code.Add(isKnown ? 0 : _words.Registers(add, register, nothing, register));
        int link = _random.Next(4) switch
        {
            0 => register,
            1 => 0,
            2 => HotWords.LinkRegister,
            _ => _random.Next(1, 24),
        };
        _code.Add(_random.Next(2) == 0
            ? _words.Registers("jr", register, 0, 0)
            : _words.Registers("jalr", register, 0, link));
        _code.Add(Slot(register, link));
    }

    private void Trap()
    {
        if (!_mayTrap)
        {
            return;
        }

        _code.Add(_words.Immediate("bne", _words.Source(), _words.Source(), 3));
        _code.Add(Slot(0, 0));
        _code.Add(_random.Next(2) == 0
            ? NoSuchInstruction
            : _words.Immediate("beq", _words.Source(), _words.Source(), 2));
        _code.Add(_random.Next(2) == 0 ? _words.Immediate("bne", 1, 2, 2) : SystemCall);
    }

    private uint Slot(int rs, int rt)
    {
        int register = _words.Base();
        return _random.Next(_mayTrap ? 102 : 100) switch
        {
            < 30 => _words.Calm(),
            < 55 => _words.Access(register, Near(register), 24),
            < 65 => _words.Calm(IsFixed(rs) ? 1 : rs),
            < 75 => _words.Calm(IsFixed(rt) ? 1 : rt),
            < 82 => _words.Registers("or", rt, rs, _random.Next(1, 24)),
            < 88 => 0,
            < 92 => _words.Access(HotWords.IslandBaseRegister, 0, 24),
            < 96 => _words.Registers(_random.Next(2) == 0 ? "movz" : "movn", rs, rt, IsFixed(rs) ? 2 : rs),
            < 98 => _words.Immediate("ll", register, _random.Next(1, 24), 0),
            < 100 => _words.Immediate("sc", register, _random.Next(1, 24), 0),
            100 => SystemCall,
            _ => _words.Immediate("beq", rs, rt, 1),
        };
    }

    private static bool IsFixed(int register) =>
        register is HotWords.CodeBaseRegister or HotWords.IslandBaseRegister;

    private ulong AddressOf(int index) => _start + ((ulong)index * sizeof(uint));
}
