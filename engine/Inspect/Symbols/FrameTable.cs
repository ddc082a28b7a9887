namespace Culverin.Inspect.Symbols;

/// <summary>
/// Where functions keep their callers' registers: the call frame information of .debug_frame (DWARF 5,
/// section 6.4) and of .eh_frame (its layout: Linux Standard Base, section 10.6).
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class FrameTable
{
    private const int EntriesMax = 1 << 22;

    private readonly List<(AddressRange Range, FrameEntry Entry)> _entries = [];

    /// <summary>Reads the headers of both sections.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/>.</exception>
    public FrameTable(DebugSections sections)
    {
        new FrameSection(sections, ".debug_frame", isOfExceptions: false).Read(Add);
        new FrameSection(sections, ".eh_frame", isOfExceptions: true).Read(Add);
        _entries.Sort((one, other) => one.Range.Start.CompareTo(other.Range.Start));
    }

    /// <summary>The rules at an address; null where the tables say nothing.</summary>
    public FrameRules? At(ulong address)
    {
        int low = 0;
        int high = _entries.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_entries[middle].Range.Start > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low > 0 && _entries[low - 1].Range.Contains(address)
            ? _entries[low - 1].Entry.RulesAt(address)
            : null;
    }

    private void Add(AddressRange range, FrameEntry entry)
    {
        if (_entries.Count == EntriesMax)
        {
            throw DebugCursor.Invalid($"it describes more than {EntriesMax} frames");
        }

        _entries.Add((range, entry));
    }
}
