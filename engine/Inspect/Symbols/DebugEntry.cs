namespace Culverin.Inspect.Symbols;

/// <summary>An entry of .debug_info: what it is, and its attributes.</summary>
/// <remarks>Readers use one object for entry after entry.</remarks>
internal sealed class DebugEntry
{
    public const ulong SubprogramTag = 0x2E;
    public const ulong InlinedCallTag = 0x1D;
    public const ulong StructureTag = 0x13;
    public const ulong MemberTag = 0x0D;

    public const ulong NameAttribute = 0x03;
    public const ulong LineTableAttribute = 0x10;
    public const ulong LowAddressAttribute = 0x11;
    public const ulong HighAddressAttribute = 0x12;
    public const ulong FolderAttribute = 0x1B;
    public const ulong OriginAttribute = 0x31;
    public const ulong MemberPlaceAttribute = 0x38;
    public const ulong SpecificationAttribute = 0x47;
    public const ulong RangesAttribute = 0x55;
    public const ulong CallFileAttribute = 0x58;
    public const ulong CallLineAttribute = 0x59;
    public const ulong LinkageNameAttribute = 0x6E;
    public const ulong TextOffsetsBaseAttribute = 0x72;
    public const ulong AddressBaseAttribute = 0x73;
    public const ulong RangeListsBaseAttribute = 0x74;

    private readonly List<(ulong Name, DebugValue Value)> _attributes = [];

    /// <summary>DW_TAG value; 0 for the end of a list of children.</summary>
    public ulong Tag { get; private set; }

    /// <summary>Whether entries below it follow.</summary>
    public bool HasChildren { get; private set; }

    /// <summary>Reads the entry at the cursor.</summary>
    public void Read(
        ref DebugCursor cursor, Dictionary<ulong, Abbreviation> abbreviations, UnitFormat format)
    {
        _attributes.Clear();
        (Tag, HasChildren) = (0, false);
        ulong code = cursor.Unsigned();
        if (code == 0)
        {
            return;
        }

        if (!abbreviations.TryGetValue(code, out Abbreviation? kind))
        {
            throw DebugCursor.Invalid($"an entry has the abbreviation {code}, which is not there");
        }

        (Tag, HasChildren) = (kind.Tag, kind.HasChildren);
        foreach ((ulong name, uint form, long implicitValue) in kind.Attributes)
        {
            _attributes.Add((name, DebugForm.Read(ref cursor, form, format, implicitValue)));
        }
    }

    /// <summary>An attribute's value; null where the entry has none.</summary>
    public DebugValue? Find(ulong name)
    {
        foreach ((ulong candidate, DebugValue value) in _attributes)
        {
            if (candidate == name)
            {
                return value;
            }
        }

        return null;
    }
}
