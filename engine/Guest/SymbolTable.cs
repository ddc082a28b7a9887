namespace Culverin.Guest;

/// <summary>
/// Symbols sorted by address, as meta.json holds them: turns addresses into function names.
/// </summary>
internal sealed class SymbolTable
{
    private readonly ElfSymbol[] _symbols;

    /// <summary>Sorts symbols by their start; those with equal starts keep their order.</summary>
    public SymbolTable(IEnumerable<ElfSymbol> symbols) =>
        _symbols = [.. symbols.OrderBy(symbol => symbol.Start)];

    /// <summary>No symbols.</summary>
    public static SymbolTable Empty { get; } = new([]);

    /// <summary>The symbols by ascending start.</summary>
    public IReadOnlyList<ElfSymbol> Symbols => _symbols;

    /// <summary>
    /// The name at an address, in the reference's words: "!unknown" without symbols, "!start" before the
    /// first, "!gap" between two.
    /// </summary>
    /// <remarks>
    /// Of several symbols at one start the last that has a size is taken ("__start" rather than "_ftext").
    /// The reference takes the last of them all.
    /// </remarks>
    public string NameAt(ulong guestAddress)
    {
        if (_symbols.Length == 0)
        {
            return "!unknown";
        }

        int low = CountUpTo(guestAddress);
        if (low == 0)
        {
            return "!start";
        }

        ElfSymbol found = SizedAt(low - 1);
        return unchecked(found.Start + found.SizeBytes) < guestAddress ? "!gap" : found.Name;
    }

    /// <summary>
    /// The symbol that an address belongs to: one that covers it, or one without a size whose successor
    /// begins behind it; null for none.
    /// </summary>
    public ElfSymbol? At(ulong guestAddress)
    {
        int low = CountUpTo(guestAddress);
        if (low == 0)
        {
            return null;
        }

        ElfSymbol found = SizedAt(low - 1);
        return found.SizeBytes == 0 || guestAddress - found.Start < found.SizeBytes ? found : null;
    }

    // How many symbols start at an address or before it.
    private int CountUpTo(ulong guestAddress)
    {
        int low = 0;
        int high = _symbols.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_symbols[middle].Start > guestAddress)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private ElfSymbol SizedAt(int last)
    {
        for (int index = last; index >= 0 && _symbols[index].Start == _symbols[last].Start; index--)
        {
            if (_symbols[index].SizeBytes > 0)
            {
                return _symbols[index];
            }
        }

        return _symbols[last];
    }

    /// <summary>The first symbol of a name, or null.</summary>
    public ElfSymbol? Find(string name) => Array.Find(_symbols, symbol => symbol.Name == name);
}
