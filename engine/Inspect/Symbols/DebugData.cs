namespace Culverin.Inspect.Symbols;

/// <summary>What values of entries stand for: texts, addresses, ranges of addresses.</summary>
internal sealed class DebugData(DebugSections sections)
{
    /// <summary>Most ranges of all entries together; a large program has some hundred thousand.</summary>
    public const int RangesMax = 1 << 23;

    private int _rangesRead;

    /// <summary>The bytes of .debug_info.</summary>
    public byte[] Info { get; } = sections.Of(".debug_info");

    /// <summary>A text.</summary>
    /// <param name="unit">The unit whose entry has the value; null for the tables of lines.</param>
    /// <param name="value">The value.</param>
    /// <param name="source">The section that the value stands in; .debug_info unless given.</param>
    public string TextOf(DebugUnit? unit, DebugValue value, byte[]? source = null)
    {
        if (value.Form == DebugForm.TextInPlace)
        {
            return TextAt(source ?? Info, (ulong)value.Start);
        }

        if (value.Form == DebugForm.TextOffset)
        {
            return TextAt(sections.Of(".debug_str"), value.Number);
        }

        if (value.Form == DebugForm.LineTextOffset)
        {
            return TextAt(sections.Of(".debug_line_str"), value.Number);
        }

        if (!DebugForm.IsTextIndex(value.Form) || unit is null)
        {
            return "";
        }

        var cursor = new DebugCursor(sections.Of(".debug_str_offsets"));
        uint size = unit.Format.IsWide ? sizeof(ulong) : (uint)sizeof(uint);
        cursor.Seek(unchecked(unit.TextOffsetsBase + (value.Number * size)));
        return TextAt(sections.Of(".debug_str"), cursor.Offset(unit.Format.IsWide));
    }

    /// <summary>An address.</summary>
    public ulong AddressOf(DebugUnit unit, DebugValue value) =>
        DebugForm.IsAddressIndex(value.Form) ? AddressAt(unit, value.Number) : value.Number;

    /// <summary>The addresses that an entry covers; none for one without code.</summary>
    public List<AddressRange> RangesOf(DebugUnit unit, DebugEntry entry)
    {
        if (entry.Find(DebugEntry.RangesAttribute) is { } ranges)
        {
            return unit.Format.Version < 5 ? OldRanges(unit, ranges.Number) : NewRanges(unit, ranges);
        }

        if (entry.Find(DebugEntry.LowAddressAttribute) is not { } low
            || entry.Find(DebugEntry.HighAddressAttribute) is not { } high)
        {
            return [];
        }

        ulong start = AddressOf(unit, low);
        ulong end = DebugForm.IsAddress(high.Form)
            ? AddressOf(unit, high)
            : unchecked(start + high.Number);
        return end > start ? [new AddressRange(start, end)] : [];
    }

    private static string TextAt(byte[] section, ulong offset)
    {
        if (offset >= (ulong)section.Length)
        {
            throw DebugCursor.Invalid($"a name is at byte {offset} of {section.Length}");
        }

        return new DebugCursor(section, (int)offset).Text();
    }

    private ulong AddressAt(DebugUnit unit, ulong index)
    {
        var cursor = new DebugCursor(sections.Of(".debug_addr"));
        int size = unit.Format.AddressSizeBytes;
        cursor.Seek(unchecked(unit.AddressBase + (index * (uint)size)));
        return cursor.Number(size);
    }

    // DWARF 4, section 2.17.3.
    private List<AddressRange> OldRanges(DebugUnit unit, ulong offset)
    {
        var cursor = new DebugCursor(sections.Of(".debug_ranges"));
        cursor.Seek(offset);
        int size = unit.Format.AddressSizeBytes;
        ulong newBase = size == sizeof(uint) ? uint.MaxValue : ulong.MaxValue;
        ulong origin = unit.LowAddress;
        List<AddressRange> ranges = [];
        while (true)
        {
            ulong start = cursor.Number(size);
            ulong end = cursor.Number(size);
            if (start == 0 && end == 0)
            {
                return ranges;
            }

            if (start == newBase)
            {
                origin = end;
            }
            else
            {
                Add(ranges, unchecked(origin + start), unchecked(origin + end));
            }
        }
    }

    // DWARF 5, section 2.17.3.
    private List<AddressRange> NewRanges(DebugUnit unit, DebugValue value)
    {
        var cursor = new DebugCursor(sections.Of(".debug_rnglists"));
        ulong offset = value.Number;
        if (value.Form == DebugForm.RangeListIndex)
        {
            uint entrySize = unit.Format.IsWide ? sizeof(ulong) : (uint)sizeof(uint);
            cursor.Seek(unchecked(unit.RangeListsBase + (value.Number * entrySize)));
            offset = unchecked(unit.RangeListsBase + cursor.Offset(unit.Format.IsWide));
        }

        cursor.Seek(offset);
        ulong origin = unit.LowAddress;
        List<AddressRange> ranges = [];
        while (ReadRange(ref cursor, unit, ref origin, ranges))
        {
        }

        return ranges;
    }

    // The kinds DW_RLE_: end, base by index, two indexes, index and length, offsets, base, addresses, length.
    private bool ReadRange(
        ref DebugCursor cursor, DebugUnit unit, ref ulong origin, List<AddressRange> ranges)
    {
        int size = unit.Format.AddressSizeBytes;
        byte kind = cursor.Byte();
        ulong start;
        switch (kind)
        {
            case 0:
                return false;
            case 1:
                origin = AddressAt(unit, cursor.Unsigned());
                break;
            case 2:
                start = AddressAt(unit, cursor.Unsigned());
                Add(ranges, start, AddressAt(unit, cursor.Unsigned()));
                break;
            case 3:
                start = AddressAt(unit, cursor.Unsigned());
                Add(ranges, start, unchecked(start + cursor.Unsigned()));
                break;
            case 4:
                start = unchecked(origin + cursor.Unsigned());
                Add(ranges, start, unchecked(origin + cursor.Unsigned()));
                break;
            case 5:
                origin = cursor.Number(size);
                break;
            case 6:
                start = cursor.Number(size);
                Add(ranges, start, cursor.Number(size));
                break;
            case 7:
                start = cursor.Number(size);
                Add(ranges, start, unchecked(start + cursor.Unsigned()));
                break;
            default:
                throw DebugCursor.Invalid($"it has ranges of kind {kind}");
        }

        return true;
    }

    private void Add(List<AddressRange> ranges, ulong start, ulong end)
    {
        if (++_rangesRead > RangesMax)
        {
            throw DebugCursor.Invalid($"its entries have more than {RangesMax} ranges of addresses");
        }

        if (end > start)
        {
            ranges.Add(new AddressRange(start, end));
        }
    }
}
