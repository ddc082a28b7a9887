namespace Culverin.Analyze;

/// <summary>Says of each function how it may be reached from the entry point.</summary>
internal sealed class Reachability
{
    private readonly CodeReach[] _reach;
    private readonly Func<int, int, bool> _isLeftOut;

    /// <summary>Follows calls and function pointers.</summary>
    /// <param name="code">The functions.</param>
    /// <param name="facts">What each of them tells, by its number.</param>
    /// <param name="pointedTo">Those whose addresses stand in data.</param>
    /// <param name="isLeftOut">Tells ways from one function to another that are not to be followed.</param>
    public Reachability(
        GuestCode code,
        IReadOnlyList<FunctionFacts> facts,
        IEnumerable<int> pointedTo,
        Func<int, int, bool> isLeftOut)
    {
        _isLeftOut = isLeftOut;
        _reach = new CodeReach[facts.Count];
        int entry = code.Around(code.EntryPoint);
        var pending = new Queue<int>();
        if (entry >= 0)
        {
            Mark(entry, CodeReach.Direct, pending);
        }

        FollowDirect(pending, facts);
        Seed(pointedTo, facts, pending);
        FollowIndirect(pending, facts);
    }

    /// <summary>How a function may be reached.</summary>
    public CodeReach this[int function] => function < 0 ? CodeReach.NotSeen : _reach[function];

    private void FollowDirect(Queue<int> pending, IReadOnlyList<FunctionFacts> facts)
    {
        while (pending.TryDequeue(out int function))
        {
            MarkAll(function, facts[function].LeadsTo, CodeReach.Direct, pending);
            MarkAll(function, facts[function].LeadsInside, CodeReach.Direct, pending);
        }
    }

    private void Seed(IEnumerable<int> pointedTo, IReadOnlyList<FunctionFacts> facts, Queue<int> pending)
    {
        foreach (int target in pointedTo)
        {
            Mark(target, CodeReach.Indirect, pending);
        }

        for (int function = 0; function < _reach.Length; function++)
        {
            if (_reach[function] == CodeReach.Direct)
            {
                MarkAll(function, facts[function].AddressesTaken, CodeReach.Indirect, pending);
            }
        }
    }

    private void FollowIndirect(Queue<int> pending, IReadOnlyList<FunctionFacts> facts)
    {
        while (pending.TryDequeue(out int function))
        {
            MarkAll(function, facts[function].LeadsTo, CodeReach.Indirect, pending);
            MarkAll(function, facts[function].LeadsInside, CodeReach.Indirect, pending);
            MarkAll(function, facts[function].AddressesTaken, CodeReach.Indirect, pending);
        }
    }

    private void MarkAll(int from, List<int> targets, CodeReach reach, Queue<int> pending)
    {
        foreach (int target in targets)
        {
            if (!_isLeftOut(from, target))
            {
                Mark(target, reach, pending);
            }
        }
    }

    private void Mark(int function, CodeReach reach, Queue<int> pending)
    {
        if (_reach[function] == CodeReach.NotSeen)
        {
            _reach[function] = reach;
            pending.Enqueue(function);
        }
    }
}
