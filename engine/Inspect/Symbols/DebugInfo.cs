namespace Culverin.Inspect.Symbols;

/// <summary>
/// A program's DWARF data, versions 2 to 5: functions, calls put in place, source lines. Headers are read at
/// once; entries and lines of a unit when first asked for.
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class DebugInfo
{
    private const int NameHopsMax = 8;
    private const int DepthMax = 512;

    private readonly DebugData _data;
    private readonly LineProgram _lines;
    private readonly DebugEntry _entry = new();
    private readonly List<DebugUnit> _units = [];
    private readonly List<(AddressRange Range, DebugUnit Unit)> _places = [];
    private readonly Dictionary<DebugUnit, List<DebugFunction>> _functions = [];
    private readonly Dictionary<DebugUnit, LineTable> _lineTables = [];

    /// <summary>Reads the headers of all units.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/>.</exception>
    public DebugInfo(DebugSections sections)
    {
        _data = new DebugData(sections);
        _lines = new LineProgram(sections, _data);
        var abbreviations = new Abbreviations(sections.Of(".debug_abbrev"));
        var cursor = new DebugCursor(_data.Info);
        while (!cursor.IsAtEnd)
        {
            DebugUnit unit = DebugUnit.Read(ref cursor, abbreviations, _data, _entry);
            _units.Add(unit);
            if (unit.IsOfCode)
            {
                foreach (AddressRange range in _data.RangesOf(unit, _entry))
                {
                    _places.Add((range, unit));
                }
            }
        }

        _places.Sort((one, other) => one.Range.Start.CompareTo(other.Range.Start));
    }

    /// <summary>The source line of an address, in the innermost call put in place there.</summary>
    public SourcePlace? PlaceAt(ulong address) =>
        UnitAt(address) is { } unit ? LinesOf(unit).PlaceAt(address) : null;

    /// <summary>
    /// The functions at an address, the innermost call put in place first, the function itself last; each
    /// with the line in it. Empty where the data tell nothing.
    /// </summary>
    public IReadOnlyList<SourceFrame> FramesAt(ulong address)
    {
        if (UnitAt(address) is not { } unit
            || FunctionsOf(unit).Find(function => function.Covers(address)) is not { } outermost)
        {
            return [];
        }

        LineTable lines = LinesOf(unit);
        List<DebugFunction> chain = [outermost];
        while (chain[^1].Inlined.Find(call => call.Covers(address)) is { } inner)
        {
            chain.Add(inner);
        }

        List<SourceFrame> frames = [];
        SourcePlace? place = lines.PlaceAt(address);
        for (int index = chain.Count - 1; index >= 0; index--)
        {
            DebugFunction function = chain[index];
            frames.Add(new SourceFrame(NameAt(function.NameEntry), place, IsInlined: index > 0));
            place = lines.FileOf(function.CallFile) is { Length: > 0 } file
                ? new SourcePlace(file, function.CallLine)
                : null;
        }

        return frames;
    }

    /// <summary>
    /// Offsets of a structure's members by name, in bytes; null if no unit has the structure.
    /// </summary>
    /// <param name="name">Its name, such as "runtime.g".</param>
    public IReadOnlyDictionary<string, ulong>? MembersOf(string name)
    {
        foreach (DebugUnit unit in _units.Where(unit => unit.IsOfCode))
        {
            if (MembersIn(unit, name) is { } members)
            {
                return members;
            }
        }

        return null;
    }

    private Dictionary<string, ulong>? MembersIn(DebugUnit unit, string name)
    {
        Dictionary<string, ulong>? members = null;
        var cursor = new DebugCursor(_data.Info, unit.FirstEntry);
        while (cursor.Position < unit.End)
        {
            _entry.Read(ref cursor, unit.Abbreviations, unit.Format);
            if (members is null)
            {
                bool isFound = _entry is { Tag: DebugEntry.StructureTag, HasChildren: true }
                    && OwnName(unit) == name;
                members = isFound ? [] : null;
            }
            else if (_entry.Tag == 0)
            {
                break;
            }
            else if (_entry.Tag == DebugEntry.MemberTag)
            {
                members[OwnName(unit)] = _entry.Find(DebugEntry.MemberPlaceAttribute)?.Number ?? 0;
            }
        }

        return members;
    }

    private DebugUnit? UnitAt(ulong address)
    {
        int low = 0;
        int high = _places.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_places[middle].Range.Start > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low > 0 && _places[low - 1].Range.Contains(address) ? _places[low - 1].Unit : null;
    }

    private LineTable LinesOf(DebugUnit unit)
    {
        if (!_lineTables.TryGetValue(unit, out LineTable? lines))
        {
            lines = unit.LineTable is { } offset ? _lines.Read(offset, unit) : LineTable.Empty;
            _lineTables.Add(unit, lines);
        }

        return lines;
    }

    private List<DebugFunction> FunctionsOf(DebugUnit unit)
    {
        if (!_functions.TryGetValue(unit, out List<DebugFunction>? functions))
        {
            functions = ReadFunctions(unit);
            _functions.Add(unit, functions);
        }

        return functions;
    }

    private List<DebugFunction> ReadFunctions(DebugUnit unit)
    {
        List<DebugFunction> functions = [];

        // What the entries around the one at hand belong to; null outside of code.
        var around = new Stack<DebugFunction?>();
        var cursor = new DebugCursor(_data.Info, unit.FirstEntry);
        while (cursor.Position < unit.End)
        {
            int offset = cursor.Position;
            _entry.Read(ref cursor, unit.Abbreviations, unit.Format);
            if (_entry.Tag == 0)
            {
                _ = around.TryPop(out _);
                continue;
            }

            DebugFunction? parent = around.TryPeek(out DebugFunction? outer) ? outer : null;
            DebugFunction? own = parent;
            if (_entry.Tag is DebugEntry.SubprogramTag or DebugEntry.InlinedCallTag
                && Function(unit, offset) is { Ranges.Count: > 0 } function)
            {
                bool isInlined = _entry.Tag == DebugEntry.InlinedCallTag && parent is not null;
                (isInlined ? parent!.Inlined : functions).Add(function);
                own = function;
            }

            if (_entry.HasChildren)
            {
                if (around.Count == DepthMax)
                {
                    throw DebugCursor.Invalid($"its entries are nested more than {DepthMax} deep");
                }

                around.Push(own);
            }
        }

        return functions;
    }

    private DebugFunction Function(DebugUnit unit, int offset)
    {
        DebugValue? origin = _entry.Find(DebugEntry.OriginAttribute);
        ulong line = _entry.Find(DebugEntry.CallLineAttribute)?.Number ?? 0;
        return new DebugFunction(
            _data.RangesOf(unit, _entry), origin is { } value ? Reference(unit, value) : (ulong)offset)
        {
            CallFile = _entry.Find(DebugEntry.CallFileAttribute)?.Number ?? 0,
            CallLine = line <= int.MaxValue ? (int)line : 0,
        };
    }

    private static ulong Reference(DebugUnit unit, DebugValue value) =>
        value.Form == DebugForm.ReferenceInFile ? value.Number : unchecked((ulong)unit.Start + value.Number);

    private string NameAt(ulong offset)
    {
        for (int hops = 0; hops < NameHopsMax; hops++)
        {
            DebugUnit? unit = _units.Find(
                candidate => offset >= (ulong)candidate.FirstEntry && offset < (ulong)candidate.End);
            if (unit is not { IsOfCode: true })
            {
                break;
            }

            var cursor = new DebugCursor(_data.Info, (int)offset);
            _entry.Read(ref cursor, unit.Abbreviations, unit.Format);
            if (OwnName(unit) is { Length: > 0 } name)
            {
                return name;
            }

            if ((_entry.Find(DebugEntry.SpecificationAttribute) ?? _entry.Find(DebugEntry.OriginAttribute))
                is not { } elsewhere)
            {
                break;
            }

            offset = Reference(unit, elsewhere);
        }

        return "";
    }

    private string OwnName(DebugUnit unit) =>
        _entry.Find(DebugEntry.NameAttribute) is { } name ? _data.TextOf(unit, name) : "";
}
