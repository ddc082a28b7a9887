namespace Culverin.Inspect.Symbols;

/// <summary>A function's code, or that of a call which the compiler put in place of the call.</summary>
/// <param name="Ranges">Its addresses.</param>
/// <param name="NameEntry">Offset of the entry that has its name.</param>
internal sealed record DebugFunction(IReadOnlyList<AddressRange> Ranges, ulong NameEntry)
{
    /// <summary>File of the call that it replaces; 0 for a function.</summary>
    public ulong CallFile { get; init; }

    /// <summary>Line of the call that it replaces; 0 for a function.</summary>
    public int CallLine { get; init; }

    /// <summary>The calls put in place inside of it.</summary>
    public List<DebugFunction> Inlined { get; } = [];

    /// <summary>Whether an address belongs to it.</summary>
    public bool Covers(ulong address)
    {
        foreach (AddressRange range in Ranges)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
