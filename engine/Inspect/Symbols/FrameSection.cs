namespace Culverin.Inspect.Symbols;

/// <summary>What entries of one kind share (CIE).</summary>
/// <param name="CodeFactor">What advances of the address are multiplied by.</param>
/// <param name="DataFactor">What offsets are multiplied by.</param>
/// <param name="ReturnColumn">The column of the return address.</param>
/// <param name="PointerEncoding">How addresses are written; 0 as words.</param>
/// <param name="HasAugmentation">Whether entries have data of languages in front of their program.</param>
/// <param name="AddressSizeBytes">Bytes of an address.</param>
/// <param name="Program">The instructions that come before those of each entry.</param>
internal sealed record FrameKind(
    ulong CodeFactor,
    long DataFactor,
    int ReturnColumn,
    byte PointerEncoding,
    bool HasAugmentation,
    int AddressSizeBytes,
    ReadOnlyMemory<byte> Program);

/// <summary>Reads one section with call frame information.</summary>
internal sealed class FrameSection(DebugSections sections, string name, bool isOfExceptions)
{
    private const byte Relative = 0x10;
    private const byte EncodingMask = 0x0F;
    private const byte NoPointer = 0xFF;
    private const int KindsMax = 1 << 20;

    private readonly byte[] _section = sections.Of(name);
    private readonly ulong _address = sections.AddressOf(name);
    private readonly Dictionary<ulong, FrameKind?> _kinds = [];

    /// <summary>Hands out all entries.</summary>
    public void Read(Action<AddressRange, FrameEntry> take)
    {
        var cursor = new DebugCursor(_section);
        while (!cursor.IsAtEnd)
        {
            int start = cursor.Position;
            (int length, bool isWide) = cursor.UnitLength();
            if (length == 0)
            {
                // .eh_frame ends with a length of zero.
                continue;
            }

            int end = cursor.Position + length;
            int pointerPosition = cursor.Position;
            ulong pointer = cursor.Offset(isWide);
            bool isKind = isOfExceptions
                ? pointer == 0
                : pointer == (isWide ? ulong.MaxValue : uint.MaxValue);
            if (!isKind)
            {
                ulong kindOffset = isOfExceptions ? unchecked((ulong)pointerPosition - pointer) : pointer;
                ReadEntry(ref cursor, end, kindOffset, take);
            }

            cursor.Seek((ulong)Math.Max(end, start + 1));
        }
    }

    private void ReadEntry(
        ref DebugCursor cursor, int end, ulong kindOffset, Action<AddressRange, FrameEntry> take)
    {
        if (KindAt(kindOffset) is not { } kind)
        {
            return;
        }

        ulong start = Pointer(ref cursor, kind, kind.PointerEncoding);
        ulong size = Pointer(ref cursor, kind, (byte)(kind.PointerEncoding & EncodingMask));
        if (kind.HasAugmentation)
        {
            cursor.Skip(cursor.Unsigned());
        }

        if (cursor.Position <= end)
        {
            take(
                new AddressRange(start, unchecked(start + size)),
                new FrameEntry(kind, start, _section.AsMemory(cursor.Position..end)));
        }
    }

    // Null for one that cannot be understood, such as of a language with data of its own.
    private FrameKind? KindAt(ulong offset)
    {
        if (_kinds.TryGetValue(offset, out FrameKind? known))
        {
            return known;
        }

        if (_kinds.Count == KindsMax)
        {
            throw DebugCursor.Invalid($"{name} has more than {KindsMax} kinds of frames");
        }

        FrameKind? kind = ReadKind(offset);
        _kinds.Add(offset, kind);
        return kind;
    }

    private FrameKind? ReadKind(ulong offset)
    {
        var cursor = new DebugCursor(_section);
        cursor.Seek(offset);
        (int length, bool isWide) = cursor.UnitLength();
        int end = cursor.Position + length;
        _ = cursor.Offset(isWide);
        byte version = cursor.Byte();
        string augmentation = cursor.Text();
        int addressSize = sections.AddressSizeBytes;
        if (version >= 4)
        {
            addressSize = cursor.Byte();
            cursor.Skip(1);
        }

        ulong codeFactor = cursor.Unsigned();
        long dataFactor = cursor.Signed();
        ulong column = version == 1 ? cursor.Byte() : cursor.Unsigned();
        byte encoding = 0;
        bool hasAugmentation = augmentation.StartsWith('z');
        if (hasAugmentation)
        {
            ulong size = cursor.Unsigned();
            int program = cursor.Position + (int)Math.Min(size, int.MaxValue / 2);
            encoding = ReadAugmentation(ref cursor, augmentation, addressSize);
            cursor.Seek((ulong)program);
        }

        bool isUnderstood = (hasAugmentation || augmentation.Length == 0) && encoding != NoPointer
            && cursor.Position <= end && column < FrameRules.RegisterCount
            && addressSize is sizeof(uint) or sizeof(ulong);
        return isUnderstood
            ? new FrameKind(
                codeFactor,
                dataFactor,
                (int)column,
                encoding,
                hasAugmentation,
                addressSize,
                _section.AsMemory(cursor.Position..end))
            : null;
    }

    private static byte ReadAugmentation(ref DebugCursor cursor, string augmentation, int addressSize)
    {
        byte encoding = 0;
        foreach (char letter in augmentation.AsSpan(1))
        {
            switch (letter)
            {
                case 'R':
                    encoding = cursor.Byte();
                    break;
                case 'L':
                    cursor.Skip(1);
                    break;
                case 'P':
                    cursor.Skip((ulong)SizeOf(cursor.Byte(), addressSize));
                    break;
                case 'S':
                    break;
                default:
                    return NoPointer;
            }
        }

        return encoding;
    }

    // DW_EH_PE_ values: the low half says how many bytes, 2 to 4 unsigned, 10 to 12 signed.
    private static int SizeOf(byte encoding, int addressSize) => (encoding & EncodingMask) switch
    {
        0 => addressSize,
        2 or 10 => sizeof(ushort),
        3 or 11 => sizeof(uint),
        4 or 12 => sizeof(ulong),
        _ => throw DebugCursor.Invalid($"it has addresses of the encoding 0x{encoding:x}"),
    };

    private ulong Pointer(ref DebugCursor cursor, FrameKind kind, byte encoding)
    {
        ulong place = unchecked(_address + (ulong)cursor.Position);
        int size = SizeOf(encoding, kind.AddressSizeBytes);
        ulong value = cursor.Number(size);
        if ((encoding & 8) != 0)
        {
            int unused = 64 - (8 * size);
            value = (ulong)((long)(value << unused) >> unused);
        }

        if ((encoding & Relative) != 0)
        {
            value = unchecked(value + place);
        }

        return sections.Is64 ? value : (uint)value;
    }
}
