namespace Culverin.Tests.Shared.Engines;

/// <summary>Pieces of code about data: memory, constants, divisions, the code itself.</summary>
internal sealed partial class HotCode
{
    private static readonly string[] Divisions = ["div", "divu", "ddiv", "ddivu"];

    private static readonly string[] OnKnown =
        ["addu", "subu", "sllv", "srav", "srlv", "and", "nor", "slt", "sltu", "movz", "movn"];

    private void Accesses(int count)
    {
        int register = _words.Base();
        int near = Near(register);
        for (int index = 0; index < count; index++)
        {
            _code.Add(_random.Next(8) == 0 ? _words.Calm() : _words.Access(register, near, 24));
        }

        if (_random.Next(6) == 0 && register != HotWords.IslandBaseRegister)
        {
            int step = _random.Next(4) == 0 ? _random.Next(-9, 9) : 8 * _random.Next(-40, 40);
            _code.Add(Move(register, step));
        }
    }

    private int Near(int register) => register == HotWords.IslandBaseRegister
        ? 0
        : _random.Next(6) switch
        {
            0 => 2048 * _random.Next(-2, 3),
            1 => 4096 * _random.Next(-1, 2),
            2 => _random.Next(-32000, 32000),
            _ => 0,
        };

    // Known values, and instructions on them.
    private void Constants()
    {
        int known = _random.Next(1, 24);
        int other = _random.Next(1, 24);
        string first = _random.Next(2) == 0 ? "lui" : "addiu";
        _code.Add(_words.Immediate(first, 0, known, _words.RandomImmediate()));
        int from = _random.Next(2) == 0 ? known : 0;
        _code.Add(_words.Immediate("ori", from, other, _words.RandomImmediate()));
        int count = _random.Next(1, 6);
        for (int index = 0; index < count; index++)
        {
            int target = _random.Next(3) == 0 ? known : _words.Target();
            int rs = _random.Next(4) == 0 ? _words.Source() : known;
            int rt = _random.Next(2) == 0 ? _words.Source() : other;
            _code.Add(_words.Registers(OnKnown[_random.Next(OnKnown.Length)], rs, rt, target));
        }

        if (_random.Next(2) == 0)
        {
            _code.Add(_words.Registers(_random.Next(2) == 0 ? "mult" : "multu", known, other, 0));
        }
    }

    // Pairs of instructions that access a whole word, one after the other or interleaved, now and then with
    // something in between that reads or sets what they do.
    private void Unaligned()
    {
        bool isWide = _words.Has("ldl") && _random.Next(2) == 0;
        string[] names = isWide
            ? ["ldl", "ldr", "sdl", "sdr"]
            : ["lwl", "lwr", "swl", "swr"];
        int distance = isWide ? 7 : 3;
        int register = _words.Base();
        int near = Near(register);
        int left = _random.Next(3) == 0 ? _random.Next(2, 6) : 1;
        List<(string Second, int Value, int Offset)> begun = [];
        while (left > 0 || begun.Count > 0)
        {
            if (left > 0 && (begun.Count == 0 || _random.Next(2) == 0))
            {
                left--;
                int pair = 2 * _random.Next(2);
                int value = UnalignedValue(register);
                int offset = near + _random.Next(-9, 9);
                _code.Add(_words.Immediate(names[pair], register, value, offset));
                begun.Add((names[pair + 1], value, offset + distance));
            }
            else
            {
                int index = _random.Next(begun.Count);
                _code.Add(_words.Immediate(
                    begun[index].Second, register, begun[index].Value, begun[index].Offset));
                begun.RemoveAt(index);
            }

            if (_random.Next(6) == 0)
            {
                _code.Add(_random.Next(4) switch
                {
                    0 => _words.Access(register, near, 24),
                    1 when !IsFixed(register) => Move(register, _random.Next(-9, 9)),
                    _ => _words.Calm(),
                });
            }
        }
    }

    private int UnalignedValue(int register) =>
        _random.Next(10) == 0 && !IsFixed(register) ? register : _random.Next(1, 24);

    private uint Move(int register, int distance) =>
        _words.Immediate(_words.Has("daddiu") ? "daddiu" : "addiu", register, register, distance);

    // Replaces an instruction, mostly one that comes soon, or turns over a bit of its second register.
    private void ChangeCode()
    {
        int index = _random.Next(3) switch
        {
            0 => _calm.Count == 0 ? _code.Count : _calm[_random.Next(_calm.Count)],
            _ => _code.Count + _random.Next(3, 14),
        };
        int offset = (int)((long)AddressOf(index) - (long)_codeBase);
        int value = _random.Next(1, 23);
        bool isOld = index < _code.Count && _random.Next(2) == 0;
        if (isOld)
        {
            _code.Add(_words.Immediate("lw", HotWords.CodeBaseRegister, value, offset));
            _code.Add(_words.Immediate("lui", 0, value + 1, 1 << _random.Next(5)));
            _code.Add(_words.Registers("xor", value, value + 1, value));
        }
        else
        {
            _code.AddRange(_words.Constant(value, (ulong)(int)_words.Calm()));
        }

        if (_random.Next(3) == 0)
        {
            int rs = _words.Source();
            _code.Add(_words.Immediate("bne", rs, _words.Source(), _random.Next(1, SkipMax)));
        }

        _code.Add(_words.Immediate("sw", HotWords.CodeBaseRegister, value, offset));
        Straight(_random.Next(1, 12));
    }

    private void Divide()
    {
        string[] names = [.. Divisions.Where(_words.Has)];
        int divisor = _random.Next(1, 24);
        int dividend = _words.Source();
        switch (_random.Next(_mayTrap ? 5 : 4))
        {
            case 0:
                _code.Add(_words.Immediate("addiu", 0, divisor, -1));
                dividend = _random.Next(1, 24);
                _code.Add(_words.Immediate("lui", 0, dividend, 0x8000));
                break;
            case 1:
                _code.Add(_words.Immediate("addiu", 0, divisor, _random.Next(1, 9) * 3));
                break;
            case 4:
                break;
            default:
                _code.Add(_words.Immediate("ori", divisor, divisor, 1));
                break;
        }

        _code.Add(_words.Registers(names[_random.Next(names.Length)], dividend, divisor, _random.Next(32)));
        _code.Add(_words.Registers("mfhi", 0, 0, _words.Target()));
        _code.Add(_words.Registers("mflo", 0, 0, _words.Target()));
    }
}
