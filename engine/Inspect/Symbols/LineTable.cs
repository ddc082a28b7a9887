namespace Culverin.Inspect.Symbols;

/// <summary>A unit's lines: which source line the code at an address comes from. Immutable.</summary>
internal sealed class LineTable
{
    private readonly string[] _files;
    private readonly LineRow[] _rows;

    /// <summary>Puts rows in the order of addresses.</summary>
    /// <param name="files">Paths by number; those that the numbers do not name are empty.</param>
    /// <param name="rows">The rows, each sequence closed by a row without a file.</param>
    public LineTable(string[] files, IReadOnlyList<LineRow> rows)
    {
        _files = files;

        _rows = [.. Single(rows.OrderBy(row => row.Address))];
    }

    /// <summary>Nothing.</summary>
    public static LineTable Empty { get; } = new([], []);

    /// <summary>The rows by ascending address.</summary>
    public IReadOnlyList<LineRow> Rows => _rows;

    /// <summary>A file's path; empty for a number that the table does not have.</summary>
    public string FileOf(ulong number) => number < (ulong)_files.Length ? _files[number] : "";

    /// <summary>Where the code at an address comes from; null if the table does not say.</summary>
    public SourcePlace? PlaceAt(ulong address)
    {
        int low = 0;
        int high = _rows.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_rows[middle].Address > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low > 0 && _rows[low - 1] is { IsEnd: false } row && FileOf(row.File) is { Length: > 0 } file
            ? new SourcePlace(file, row.Line)
            : null;
    }

    // Of several rows at one address the last that begins a statement counts, else the last; the end of a
    // sequence only where no other begins.
    private static IEnumerable<LineRow> Single(IEnumerable<LineRow> ascending)
    {
        LineRow? chosen = null;
        foreach (LineRow row in ascending)
        {
            if (chosen is { } other && other.Address != row.Address)
            {
                yield return other;
                chosen = null;
            }

            bool isBetter = chosen is not { IsEnd: false } before
                || (!row.IsEnd && (row.IsStatement || !before.IsStatement));
            chosen = isBetter ? row : chosen;
        }

        if (chosen is { } last)
        {
            yield return last;
        }
    }
}

/// <summary>From an address on the code comes from a line.</summary>
/// <param name="Address">First address.</param>
/// <param name="File">Number of the file.</param>
/// <param name="Line">The line, 0 for none.</param>
/// <param name="IsStatement">Whether a statement begins here.</param>
/// <param name="IsEnd">Whether nothing is said from here on.</param>
internal readonly record struct LineRow(ulong Address, ulong File, int Line, bool IsStatement, bool IsEnd);
