using System.Collections.Generic;

namespace Culverin.Analyze;

/// <summary>Says of each function how it may be reached from the entry point.</summary>
internal sealed class Reachability
{
    private readonly CodeReach[] _reach;

    /// <summary>Follows calls and function pointers.</summary>
    /// <param name="code">The functions.</param>
    /// <param name="scan">Reads a function; its system calls are those of all functions afterwards.</param>
    /// <param name="entryPoint">Where the program starts.</param>
    public Reachability(GuestCode code, FunctionScan scan, ulong entryPoint)
    {
        _reach = new CodeReach[code.Functions.Count];
        List<int>[] leadsTo = new List<int>[_reach.Length];
        List<int>[] addressesTaken = new List<int>[_reach.Length];
        for (int function = 0; function < _reach.Length; function++)
        {
            (leadsTo[function], addressesTaken[function]) = scan.Read(code.Functions[function]);
        }

        int entry = code.Around(entryPoint);
        var pending = new Queue<int>();
        if (entry >= 0)
        {
            Mark(entry, CodeReach.Direct, pending);
        }

        FollowDirect(pending, leadsTo);
        Seed(code, addressesTaken, pending);
        FollowIndirect(pending, leadsTo, addressesTaken);
    }

    /// <summary>How a function may be reached.</summary>
    public CodeReach this[int function] => function < 0 ? CodeReach.NotSeen : _reach[function];

    private void FollowDirect(Queue<int> pending, List<int>[] leadsTo)
    {
        while (pending.TryDequeue(out int function))
        {
            foreach (int target in leadsTo[function])
            {
                Mark(target, CodeReach.Direct, pending);
            }
        }
    }

    private void Seed(GuestCode code, List<int>[] addressesTaken, Queue<int> pending)
    {
        foreach (int target in code.PointedToFromData())
        {
            Mark(target, CodeReach.Indirect, pending);
        }

        for (int function = 0; function < _reach.Length; function++)
        {
            if (_reach[function] == CodeReach.Direct)
            {
                MarkAll(addressesTaken[function], pending);
            }
        }
    }

    private void FollowIndirect(Queue<int> pending, List<int>[] leadsTo, List<int>[] addressesTaken)
    {
        while (pending.TryDequeue(out int function))
        {
            MarkAll(leadsTo[function], pending);
            MarkAll(addressesTaken[function], pending);
        }
    }

    private void MarkAll(List<int> functions, Queue<int> pending)
    {
        foreach (int target in functions)
        {
            Mark(target, CodeReach.Indirect, pending);
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
