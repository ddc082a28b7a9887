namespace Culverin.Inspect.Symbols;

/// <summary>How wide numbers of a unit are.</summary>
/// <param name="Version">DWARF version, 2 to 5.</param>
/// <param name="IsWide">Whether offsets have 8 bytes.</param>
/// <param name="AddressSizeBytes">4 or 8.</param>
internal readonly record struct UnitFormat(int Version, bool IsWide, int AddressSizeBytes);

/// <summary>An attribute's value as it stands in a section.</summary>
/// <param name="Form">DW_FORM value.</param>
/// <param name="Number">The number, index or offset; a signed one as two's complement.</param>
/// <param name="Start">Offset of its bytes, for blocks and text in place.</param>
/// <param name="LengthBytes">How many bytes a block has.</param>
internal readonly record struct DebugValue(uint Form, ulong Number, int Start, int LengthBytes);

/// <summary>The forms that values have (DWARF 5, section 7.5.6).</summary>
internal static class DebugForm
{
    public const uint Address = 0x01;
    public const uint TextInPlace = 0x08;
    public const uint TextOffset = 0x0E;
    public const uint ReferenceInFile = 0x10;
    public const uint TextIndex = 0x1A;
    public const uint AddressIndex = 0x1B;
    public const uint LineTextOffset = 0x1F;
    public const uint ImplicitConstant = 0x21;
    public const uint RangeListIndex = 0x23;
    private const uint FirstTextIndexOfSize = 0x25;
    private const uint LastTextIndexOfSize = 0x28;
    private const uint FirstAddressIndexOfSize = 0x29;
    private const uint LastAddressIndexOfSize = 0x2C;
    private const uint Indirect = 0x16;
    private const int DataSixteenBytes = 16;

    /// <summary>Whether the value is an index into .debug_str_offsets.</summary>
    public static bool IsTextIndex(uint form) =>
        form is TextIndex or (>= FirstTextIndexOfSize and <= LastTextIndexOfSize);

    /// <summary>Whether the value is an index into .debug_addr.</summary>
    public static bool IsAddressIndex(uint form) =>
        form is AddressIndex or (>= FirstAddressIndexOfSize and <= LastAddressIndexOfSize);

    /// <summary>Whether the value is an address, given in either way.</summary>
    public static bool IsAddress(uint form) => form == Address || IsAddressIndex(form);

    /// <summary>Reads a value.</summary>
    /// <param name="cursor">Stands at it, and behind it afterwards.</param>
    /// <param name="form">How it is written.</param>
    /// <param name="format">The unit's numbers.</param>
    /// <param name="implicitValue">What the abbreviation gives for DW_FORM_implicit_const.</param>
    public static DebugValue Read(
        ref DebugCursor cursor, uint form, UnitFormat format, long implicitValue = 0)
    {
        if (form == Indirect)
        {
            form = (uint)cursor.Unsigned();
        }

        int start = cursor.Position;
        ulong number = 0;
        ulong? blockLength = null;
        switch (form)
        {
            case Address:
                number = cursor.Number(format.AddressSizeBytes);
                break;
            case TextInPlace:
                blockLength = 0;
                SkipText(ref cursor);
                break;
            case 0x03:
                blockLength = cursor.UInt16();
                break;
            case 0x04:
                blockLength = cursor.UInt32();
                break;
            case 0x09 or 0x18:
                blockLength = cursor.Unsigned();
                break;
            case 0x0A:
                blockLength = cursor.Byte();
                break;
            case 0x1E:
                blockLength = DataSixteenBytes;
                break;
            case ImplicitConstant:
                number = (ulong)implicitValue;
                break;
            default:
                number = ReadNumber(ref cursor, form, format);
                break;
        }

        if (blockLength is not { } length || form == TextInPlace)
        {
            return new DebugValue(form, number, start, 0);
        }

        start = cursor.Position;
        cursor.Skip(length);
        return new DebugValue(form, 0, start, (int)length);
    }

    private static ulong ReadNumber(ref DebugCursor cursor, uint form, UnitFormat format) => form switch
    {
        // One byte: data1, flag, ref1, strx1, addrx1.
        0x0B or 0x0C or 0x11 or FirstTextIndexOfSize or FirstAddressIndexOfSize => cursor.Byte(),
        0x05 or 0x12 or 0x26 or 0x2A => cursor.UInt16(),
        0x27 or 0x2B => cursor.Number(3),
        0x06 or 0x13 or 0x1C or LastTextIndexOfSize or LastAddressIndexOfSize => cursor.UInt32(),
        0x07 or 0x14 or 0x20 or 0x24 => cursor.UInt64(),
        0x0D => (ulong)cursor.Signed(),

        // Numbers of any length: udata, ref_udata, strx, addrx, loclistx, rnglistx.
        0x0F or 0x15 or TextIndex or AddressIndex or 0x22 or RangeListIndex => cursor.Unsigned(),

        // Of DWARF 2 alone references into the whole section have the size of an address.
        ReferenceInFile => format.Version <= 2
            ? cursor.Number(format.AddressSizeBytes)
            : cursor.Offset(format.IsWide),
        TextOffset or 0x17 or 0x1D or LineTextOffset => cursor.Offset(format.IsWide),
        0x19 => 1,
        _ => throw DebugCursor.Invalid($"it has values of form 0x{form:x}, which DWARF 2 to 5 do not"),
    };

    private static void SkipText(ref DebugCursor cursor)
    {
        while (cursor.Byte() != 0)
        {
        }
    }
}
