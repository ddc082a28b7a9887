using System;
using System.Collections.Generic;
using System.Linq;

namespace Culverin.Guest;

/// <summary>
/// Symbols sorted by address, as meta.json holds them: turns addresses into function names.
/// </summary>
public sealed class SymbolTable
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
    public string NameAt(ulong guestAddress)
    {
        if (_symbols.Length == 0)
        {
            return "!unknown";
        }

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

        if (low == 0)
        {
            return "!start";
        }

        ElfSymbol found = _symbols[low - 1];
        return unchecked(found.Start + found.SizeBytes) < guestAddress ? "!gap" : found.Name;
    }

    /// <summary>The first symbol of a name, or null.</summary>
    public ElfSymbol? Find(string name) => Array.Find(_symbols, symbol => symbol.Name == name);
}
