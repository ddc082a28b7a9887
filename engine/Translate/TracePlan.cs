using System.Collections.Generic;

namespace Culverin.Translate;

/// <summary>
/// Which instructions a trace has: from its start, through jumps and past branches not taken, to its end.
/// </summary>
internal sealed class TracePlan
{
    private readonly List<TraceItem> _items = [];

    /// <summary>Guest address of the first instruction.</summary>
    public ulong Start { get; private set; }

    /// <summary>Where the guest goes on; meaningful unless <see cref="EndsWithTransfer"/>.</summary>
    public ulong End { get; private set; }

    /// <summary>Whether the interpreter executes what comes next.</summary>
    public bool EndsOdd { get; private set; }

    /// <summary>Whether the last item decides where the guest goes on.</summary>
    public bool EndsWithTransfer { get; private set; }

    /// <summary>The instructions in the order of execution.</summary>
    public IReadOnlyList<TraceItem> Items => _items;

    /// <summary>Steps from start to end.</summary>
    public int StepCount { get; private set; }

    /// <summary>Starts a new plan.</summary>
    public void Reset(ulong start)
    {
        _items.Clear();
        Start = start;
        StepCount = 0;
        EndsOdd = false;
        EndsWithTransfer = false;
    }

    /// <summary>Appends an instruction.</summary>
    public void Add(TraceItem item)
    {
        _items.Add(item);
        StepCount += item.StepCount;
    }

    /// <summary>Ends the trace before an address.</summary>
    public void EndBefore(ulong address, bool isOdd)
    {
        End = address;
        EndsOdd = isOdd;
        EndsWithTransfer = false;
    }

    /// <summary>Ends the trace with its last item, a branch or jump.</summary>
    public void EndWithTransfer() => EndsWithTransfer = true;

    /// <summary>
    /// Ends the trace before an item, which the interpreter must execute, or before the run that it belongs
    /// to.
    /// </summary>
    public void Cut(int number)
    {
        while (_items[number].ContinuesRun)
        {
            number--;
        }

        ulong address = _items[number].Pc;
        _items.RemoveRange(number, _items.Count - number);
        StepCount = 0;
        foreach (TraceItem item in _items)
        {
            StepCount += item.StepCount;
        }

        EndBefore(address, isOdd: true);
    }

    /// <summary>Whether an instruction is already in the trace.</summary>
    public bool Contains(ulong address)
    {
        foreach (TraceItem item in _items)
        {
            if (item.Pc == address || (item.IsTransfer && item.Pc + 4 == address))
            {
                return true;
            }
        }

        return false;
    }
}
