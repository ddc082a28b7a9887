namespace Culverin.Translate.Ir;

/// <summary>
/// Which instructions a superblock has: from its start, through jumps and past branches not taken, to its
/// end.
/// </summary>
internal sealed class SuperblockPlan
{
    private readonly List<SuperblockItem> _items = [];

    /// <summary>Guest address of the first instruction.</summary>
    public ulong Start { get; private set; }

    /// <summary>Where the guest goes on; meaningful unless <see cref="EndsWithTransfer"/>.</summary>
    public ulong End { get; private set; }

    /// <summary>Whether the interpreter executes what comes next.</summary>
    public bool EndsInInterpreter { get; private set; }

    /// <summary>Whether the last item decides where the guest goes on.</summary>
    public bool EndsWithTransfer { get; private set; }

    /// <summary>The instructions in the order of execution.</summary>
    public IReadOnlyList<SuperblockItem> Items => _items;

    /// <summary>Steps from start to end.</summary>
    public int StepCount { get; private set; }

    /// <summary>Starts a new plan.</summary>
    public void Reset(ulong start)
    {
        _items.Clear();
        Start = start;
        StepCount = 0;
        EndsInInterpreter = false;
        EndsWithTransfer = false;
    }

    /// <summary>Appends an instruction.</summary>
    public void Add(SuperblockItem item)
    {
        _items.Add(item);
        StepCount += item.StepCount;
    }

    /// <summary>Ends the superblock before an address.</summary>
    public void EndBefore(ulong address, bool inInterpreter)
    {
        End = address;
        EndsInInterpreter = inInterpreter;
        EndsWithTransfer = false;
    }

    /// <summary>Ends the superblock with its last item, a branch or jump.</summary>
    public void EndWithTransfer() => EndsWithTransfer = true;

    /// <summary>
    /// Ends the superblock before an item, which the interpreter must execute, or before the run that it
    /// belongs to.
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
        foreach (SuperblockItem item in _items)
        {
            StepCount += item.StepCount;
        }

        EndBefore(address, inInterpreter: true);
    }

    /// <summary>Whether an instruction is already in the superblock.</summary>
    public bool Contains(ulong address)
    {
        foreach (SuperblockItem item in _items)
        {
            if (item.Pc == address || (item.IsTransfer && item.Pc + 4 == address))
            {
                return true;
            }
        }

        return false;
    }
}
