namespace Culverin.Inspect.Symbols;

/// <summary>A compilation unit of .debug_info: its header and what its first entry says of it.</summary>
internal sealed class DebugUnit
{
    private const int CompileType = 1;
    private const int PartialType = 3;
    private const int VersionMin = 2;
    private const int VersionMax = 5;

    private DebugUnit(int start, int end, UnitFormat format)
    {
        Start = start;
        End = end;
        Format = format;
    }

    /// <summary>Offset of its header.</summary>
    public int Start { get; }

    /// <summary>Offset behind its last entry.</summary>
    public int End { get; }

    /// <summary>How wide its numbers are.</summary>
    public UnitFormat Format { get; }

    /// <summary>What its entries consist of.</summary>
    public Dictionary<ulong, Abbreviation> Abbreviations { get; private set; } = [];

    /// <summary>Offset of its first entry.</summary>
    public int FirstEntry { get; private set; }

    /// <summary>Where its part of .debug_str_offsets begins.</summary>
    public ulong TextOffsetsBase { get; private set; }

    /// <summary>Where its part of .debug_addr begins.</summary>
    public ulong AddressBase { get; private set; }

    /// <summary>Where its part of .debug_rnglists begins.</summary>
    public ulong RangeListsBase { get; private set; }

    /// <summary>What ranges of addresses are relative to.</summary>
    public ulong LowAddress { get; private set; }

    /// <summary>The folder that it was compiled in; empty where it does not say.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>Offset of its lines in .debug_line; null for none.</summary>
    public ulong? LineTable { get; private set; }

    /// <summary>Whether its entries are read; units for types alone and split ones are not.</summary>
    public bool IsOfCode { get; private set; }

    /// <summary>Reads the unit at the cursor, which stands behind it afterwards.</summary>
    /// <param name="cursor">Over .debug_info.</param>
    /// <param name="abbreviations">The tables.</param>
    /// <param name="data">Texts and addresses.</param>
    /// <param name="root">Takes the unit's first entry.</param>
    public static DebugUnit Read(
        ref DebugCursor cursor, Abbreviations abbreviations, DebugData data, DebugEntry root)
    {
        int start = cursor.Position;
        (int length, bool isWide) = cursor.UnitLength();
        int end = cursor.Position + length;
        int version = cursor.UInt16();
        if (version is < VersionMin or > VersionMax)
        {
            throw DebugCursor.Invalid($"it is of DWARF {version}; only 2 to 5 can be read");
        }

        int type = version == VersionMax ? cursor.Byte() : CompileType;
        int addressSize = version == VersionMax ? cursor.Byte() : 0;
        ulong table = cursor.Offset(isWide);
        addressSize = version == VersionMax ? addressSize : cursor.Byte();
        if (addressSize is not (sizeof(uint) or sizeof(ulong)))
        {
            throw DebugCursor.Invalid($"it has addresses of {addressSize} bytes");
        }

        var unit = new DebugUnit(start, end, new UnitFormat(version, isWide, addressSize))
        {
            IsOfCode = type is CompileType or PartialType && cursor.Position < end,
            FirstEntry = cursor.Position,
        };
        if (unit.IsOfCode)
        {
            unit.Abbreviations = abbreviations.At(table);
            root.Read(ref cursor, unit.Abbreviations, unit.Format);
            unit.TakeRoot(root, data);
        }

        cursor.Seek((ulong)end);
        return unit;
    }

    // Bases first: what else the entry says may be given by their means.
    private void TakeRoot(DebugEntry root, DebugData data)
    {
        ulong header = Format.IsWide ? 16u : 8u;
        TextOffsetsBase = root.Find(DebugEntry.TextOffsetsBaseAttribute)?.Number ?? header;
        AddressBase = root.Find(DebugEntry.AddressBaseAttribute)?.Number ?? header;
        RangeListsBase = root.Find(DebugEntry.RangeListsBaseAttribute)?.Number ?? 0;
        LineTable = root.Find(DebugEntry.LineTableAttribute)?.Number;
        LowAddress = root.Find(DebugEntry.LowAddressAttribute) is { } low ? data.AddressOf(this, low) : 0;
        Folder = root.Find(DebugEntry.FolderAttribute) is { } folder ? data.TextOf(this, folder) : "";
    }
}
