using Culverin.Analyze.Values;

namespace Culverin.Analyze;

/// <summary>
/// Finds the numbers of system calls: constants in front of the instruction, or those that callers pass, such
/// as Go's Syscall6 and C's syscall, through any number of functions.
/// </summary>
internal sealed class SyscallNumbers
{
    /// <summary>Most places kept of one program.</summary>
    public const int SitesMax = 1 << 16;

    /// <summary>Code is read again for callers at most so many times over, but always these words.</summary>
    private const int ReadingsMax = 16;
    private const long WordsAlwaysRead = 1 << 22;

    private readonly GuestCode _code;
    private readonly FunctionScan _scan;
    private readonly List<int>[] _callers;
    private readonly bool[] _isOpen;
    private readonly int _wordBits;
    private readonly Queue<Demand> _pending = new();
    private readonly HashSet<(int, AbstractValue, AbstractValue)> _seen = [];
    private readonly List<SyscallSite> _sites = [];
    private readonly List<Demand> _fromVariables = [];
    private long _wordsLeft = WordsAlwaysRead;

    private SyscallNumbers(
        GuestCode code, FunctionScan scan, IReadOnlyList<FunctionFacts> facts, bool[] isOpen, int wordBits)
    {
        _code = code;
        _scan = scan;
        _isOpen = isOpen;
        _wordBits = wordBits;
        _callers = CallersOf(facts);
        foreach (CodeFunction function in code.Functions)
        {
            _wordsLeft += (long)ReadingsMax * function.Words;
        }
    }

    /// <summary>Finds the places that decide on system calls.</summary>
    /// <param name="code">The functions.</param>
    /// <param name="scan">Reads a function.</param>
    /// <param name="facts">What each function tells, by its number.</param>
    /// <param name="isOpen">
    /// Whether a function may be entered from elsewhere than by calls that were found.
    /// </param>
    /// <param name="wordBits">Bits of a word.</param>
    /// <returns>The places, at most <see cref="SitesMax"/>.</returns>
    public static List<SyscallSite> Find(
        GuestCode code, FunctionScan scan, IReadOnlyList<FunctionFacts> facts, bool[] isOpen, int wordBits)
    {
        var numbers = new SyscallNumbers(code, scan, facts, isOpen, wordBits);
        for (int function = 0; function < facts.Count; function++)
        {
            foreach (SyscallInstruction call in facts[function].Syscalls)
            {
                numbers.Add(new Demand(function, call.Number, call.SecondArgument, call.Address));
            }
        }

        while (numbers._pending.TryDequeue(out Demand? demand))
        {
            numbers.AskCallers(demand);
        }

        numbers.AddVariables();
        return numbers._sites;
    }

    private static List<int>[] CallersOf(IReadOnlyList<FunctionFacts> facts)
    {
        var callers = new List<int>[facts.Count];
        for (int function = 0; function < facts.Count; function++)
        {
            foreach (int callee in facts[function].LeadsTo)
            {
                List<int> list = callers[callee] ??= [];
                if (list.Count == 0 || list[^1] != function)
                {
                    list.Add(function);
                }
            }
        }

        return callers;
    }

    private void Add(Demand demand)
    {
        if (demand.Number.Origin == ValueOrigin.Variable)
        {
            _fromVariables.Add(demand);
        }
        else if (!demand.Number.IsArgument)
        {
            AddSite(demand);
        }
        else if (_seen.Add((demand.Function, demand.Number, demand.SecondArgument)))
        {
            _pending.Enqueue(demand);
        }
    }

    private void AskCallers(Demand demand)
    {
        // A function that nothing leads to decides by itself, and so does one whose callers are not all
        // known.
        List<int>? callers = _callers[demand.Function];
        if (_isOpen[demand.Function] || callers is null)
        {
            AddSite(demand);
        }

        foreach (int caller in callers ?? [])
        {
            CodeFunction function = _code.Functions[caller];
            _wordsLeft -= function.Words;
            if (_wordsLeft < 0)
            {
                AddSite(demand);
                return;
            }

            _scan.ReadCalls(
                function,
                demand.Function,
                (address, valueOf) => Add(new Demand(
                    caller, valueOf(demand.Number), valueOf(demand.SecondArgument), address)));
        }
    }

    // A number from a variable is one that the variable holds at the start, or is given somewhere.
    private void AddVariables()
    {
        if (_fromVariables.Count == 0)
        {
            return;
        }

        int wordSizeBytes = _wordBits / 8;
        ulong[] variables = [.. _fromVariables.Select(demand => Cut(demand.Number.Value))];
        var uses = new VariableUses(variables, wordSizeBytes);
        ulong last = variables.Max();
        _code.VisitPossiblePointers(
            variables.Min(),
            last + Math.Min((ulong)wordSizeBytes - 1, ulong.MaxValue - last),
            word => uses.NoteAddress(word));
        _scan.Watched = uses;
        foreach (CodeFunction function in _code.Functions)
        {
            _ = _scan.Read(function);
        }

        _scan.Watched = null;
        foreach (Demand demand in _fromVariables)
        {
            ulong address = Cut(demand.Number.Value);
            if (uses.ValuesOf(address) is { } values && _code.VariableAt(address) is { } initial)
            {
                foreach (ulong value in values.Append(initial).Distinct())
                {
                    AddSite(demand with { Number = AbstractValue.Of(value) });
                }
            }
            else
            {
                AddSite(demand with { Number = AbstractValue.Unknown });
            }
        }
    }

    private ulong Cut(ulong value) => _wordBits == 32 ? (uint)value : value;

    private void AddSite(Demand demand)
    {
        if (_sites.Count < SitesMax)
        {
            _sites.Add(new SyscallSite(
                demand.Address, Known(demand.Number), Known(demand.SecondArgument)));
        }
    }

    private ulong? Known(AbstractValue value) => value.IsKnown ? Cut(value.Value) : null;

    private sealed record Demand(
        int Function, AbstractValue Number, AbstractValue SecondArgument, ulong Address);
}
