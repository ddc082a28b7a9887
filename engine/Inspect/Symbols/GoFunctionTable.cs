namespace Culverin.Inspect.Symbols;

/// <summary>
/// The table that the Go runtime walks stacks by (.gopclntab), of releases from 1.2 on: functions, source
/// lines and the size of the frame at every instruction. Programs have it even where debug data were left
/// out.
/// </summary>
/// <remarks>
/// Layouts: src/runtime/symtab.go and src/cmd/link/internal/ld/pcln.go of the releases 1.2, 1.16, 1.18 and
/// 1.20, each of which has a mark of its own. One thread at a time.
/// </remarks>
internal sealed class GoFunctionTable
{
    private const uint Mark12 = 0xFFFF_FFFB;
    private const uint Mark116 = 0xFFFF_FFFA;
    private const uint Mark118 = 0xFFFF_FFF0;
    private const uint Mark120 = 0xFFFF_FFF1;
    private const int FunctionsMax = 1 << 24;
    private const int CountsOffset = 8;

    private readonly byte[] _table;
    private readonly uint _mark;
    private readonly int _quantum;
    private readonly int _wordSizeBytes;
    private readonly int _functionCount;
    private readonly ulong _textStart;
    private readonly ulong _names;
    private readonly ulong _units;
    private readonly ulong _files;
    private readonly ulong _values;
    private readonly ulong _functions;

    private GoFunctionTable(byte[] table)
    {
        _table = table;
        var cursor = new DebugCursor(table);
        _mark = cursor.UInt32();
        cursor.Skip(2);
        _quantum = cursor.Byte();
        _wordSizeBytes = cursor.Byte();
        if (_wordSizeBytes is not (sizeof(uint) or sizeof(ulong)))
        {
            throw DebugCursor.Invalid($"the Go function table has words of {_wordSizeBytes} bytes");
        }

        cursor.Seek(CountsOffset);
        ulong count = cursor.Number(_wordSizeBytes);
        if (count > FunctionsMax)
        {
            throw DebugCursor.Invalid($"the Go function table has {count} functions");
        }

        _functionCount = (int)count;
        if (_mark == Mark12)
        {
            _functions = (ulong)cursor.Position;
            cursor.Skip((ulong)_functionCount * 2 * (ulong)_wordSizeBytes);
            cursor.Skip((ulong)_wordSizeBytes);
            _files = cursor.UInt32();
            return;
        }

        _ = cursor.Number(_wordSizeBytes);
        _textStart = IsOfNumbers ? cursor.Number(_wordSizeBytes) : 0;
        _names = cursor.Number(_wordSizeBytes);
        _units = cursor.Number(_wordSizeBytes);
        _files = cursor.Number(_wordSizeBytes);
        _values = cursor.Number(_wordSizeBytes);
        _functions = cursor.Number(_wordSizeBytes);
    }

    // From 1.18 on addresses are 4 bytes, relative to the start of the code.
    private bool IsOfNumbers => _mark is Mark118 or Mark120;

    private int EntrySizeBytes => IsOfNumbers ? sizeof(uint) : _wordSizeBytes;

    // In front of 1.16 everything is relative to the table, from then on to the part with the functions.
    private ulong Origin => _mark == Mark12 ? 0 : _functions;

    /// <summary>The table of a program; null for one that is not Go's, or of a release not known.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/>: it is damaged.</exception>
    public static GoFunctionTable? TryRead(DebugSections sections)
    {
        byte[] table = sections.Of(".gopclntab");
        bool isKnown = table.Length > CountsOffset
            && new DebugCursor(table).UInt32() is Mark12 or Mark116 or Mark118 or Mark120;
        return isKnown ? new GoFunctionTable(table) : null;
    }

    /// <summary>The function at an address; null for none.</summary>
    public GoFunction? FunctionAt(ulong address)
    {
        int low = 0;
        int high = _functionCount;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (EntryAt(middle) > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        // The entry behind the last tells where the code ends.
        return low == 0 || address >= EntryAt(low) ? null : Read(low - 1);
    }

    /// <summary>Bytes that the stack pointer is below its value at the call; null if nobody knows.</summary>
    public int? FrameSizeAt(GoFunction function, ulong address) =>
        ValueAt(function, function.Frames, address);

    /// <summary>The source line of an address.</summary>
    public SourcePlace? PlaceAt(GoFunction function, ulong address) =>
        ValueAt(function, function.Files, address) is { } file
            && ValueAt(function, function.Lines, address) is { } line
            && FileOf(function, file) is { Length: > 0 } path
                ? new SourcePlace(path, line)
                : null;

    private ulong EntryAt(int number)
    {
        var cursor = new DebugCursor(_table);
        cursor.Seek(_functions + ((ulong)number * 2 * (ulong)EntrySizeBytes));
        return unchecked(_textStart + cursor.Number(EntrySizeBytes));
    }

    // Fields of _func: entry, name, size of arguments, deferreturn, pcsp, pcfile, pcln, npcdata, unit.
    private GoFunction Read(int number)
    {
        var cursor = new DebugCursor(_table);
        cursor.Seek(_functions + ((((ulong)number * 2) + 1) * (ulong)EntrySizeBytes));
        cursor.Seek(unchecked(Origin + cursor.Number(EntrySizeBytes)));
        ulong entry = unchecked(_textStart + cursor.Number(EntrySizeBytes));
        ulong name = cursor.UInt32();
        cursor.Skip(2 * sizeof(uint));
        uint frames = cursor.UInt32();
        uint files = cursor.UInt32();
        uint lines = cursor.UInt32();
        cursor.Skip(sizeof(uint));
        uint unit = _mark == Mark12 ? 0 : cursor.UInt32();
        cursor.Seek(_names + name);
        return new GoFunction(cursor.Text(), entry, frames, files, lines, unit);
    }

    private string FileOf(GoFunction function, int file)
    {
        if (file < 0)
        {
            return "";
        }

        var cursor = new DebugCursor(_table);
        if (_mark == Mark12)
        {
            cursor.Seek(_files + ((ulong)file * sizeof(uint)));
            cursor.Seek(cursor.UInt32());
            return cursor.Text();
        }

        cursor.Seek(_units + (((ulong)function.Unit + (uint)file) * sizeof(uint)));
        uint offset = cursor.UInt32();
        if (offset == uint.MaxValue)
        {
            return "";
        }

        cursor.Seek(_files + offset);
        return cursor.Text();
    }

    // A list of pairs: a change of the value, with its sign in the lowest bit, and for how many instructions.
    private int? ValueAt(GoFunction function, uint list, ulong address)
    {
        if (list == 0)
        {
            return null;
        }

        var cursor = new DebugCursor(_table);
        cursor.Seek(_values + list);
        ulong end = function.Entry;
        int value = -1;
        for (bool isFirst = true; ; isFirst = false)
        {
            uint change = (uint)cursor.Unsigned();
            if (change == 0 && !isFirst)
            {
                return null;
            }

            value = unchecked(value + (int)((change >> 1) ^ (uint)-(int)(change & 1)));
            end = unchecked(end + (cursor.Unsigned() * (uint)_quantum));
            if (address < end)
            {
                return value;
            }
        }
    }
}

/// <summary>A function of the table.</summary>
/// <param name="Name">Its name with its package.</param>
/// <param name="Entry">Its first address.</param>
/// <param name="Frames">Where the sizes of its frame are listed.</param>
/// <param name="Files">Where the files of its lines are listed.</param>
/// <param name="Lines">Where its lines are listed.</param>
/// <param name="Unit">Where the files of its package begin.</param>
internal sealed record GoFunction(
    string Name, ulong Entry, uint Frames, uint Files, uint Lines, uint Unit);
