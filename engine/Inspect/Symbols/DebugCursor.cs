using System.Buffers.Binary;
using System.Text;

namespace Culverin.Inspect.Symbols;

/// <summary>
/// Reads big-endian debug data one value after another; whatever would reach beyond its end is an error.
/// </summary>
/// <param name="data">All of a section, or of a part that stands alone.</param>
/// <param name="position">First byte to read.</param>
internal ref struct DebugCursor(ReadOnlySpan<byte> data, int position = 0)
{
    /// <summary>Longest text; Go's generic types make names of some thousand bytes.</summary>
    public const int TextMaxBytes = 1 << 16;

    private const int LebBitsMax = 64;
    private const uint WideLengthMark = 0xFFFF_FFFF;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Offset of the next byte.</summary>
    public int Position { get; private set; } = position;

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsAtEnd => Position >= _data.Length;

    /// <summary>What is wrong with debug data, as an error.</summary>
    public static CulverinException Invalid(string why) =>
        new(ErrorCode.InvalidElf, $"The program's debug data cannot be used: {why}.");

    /// <summary>Goes to an offset.</summary>
    public void Seek(ulong offset)
    {
        if (offset > (ulong)_data.Length)
        {
            throw Invalid($"it names offset {offset} of {_data.Length} bytes");
        }

        Position = (int)offset;
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(ulong count) => _ = Bytes(count);

    /// <summary>Bytes as they are.</summary>
    public ReadOnlySpan<byte> Bytes(ulong count)
    {
        if (count > (ulong)(_data.Length - Position))
        {
            throw Invalid($"it ends in the middle, at byte {_data.Length}");
        }

        ReadOnlySpan<byte> bytes = _data.Slice(Position, (int)count);
        Position += (int)count;
        return bytes;
    }

    /// <summary>One byte.</summary>
    public byte Byte() => Bytes(1)[0];

    /// <summary>2 bytes.</summary>
    public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Bytes(sizeof(ushort)));

    /// <summary>4 bytes.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Bytes(sizeof(uint)));

    /// <summary>8 bytes.</summary>
    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(sizeof(ulong)));

    /// <summary>A number of 1, 2, 3, 4 or 8 bytes, zero-extended.</summary>
    public ulong Number(int sizeBytes)
    {
        ulong value = 0;
        foreach (byte next in Bytes((ulong)sizeBytes))
        {
            value = (value << 8) | next;
        }

        return sizeBytes is > 0 and <= sizeof(ulong)
            ? value
            : throw Invalid($"it has numbers of {sizeBytes} bytes");
    }

    /// <summary>An unsigned LEB128 number, cut to 64 bits.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Byte();
            value |= shift < LebBitsMax ? (ulong)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>A signed LEB128 number, cut to 64 bits.</summary>
    public long Signed()
    {
        long value = 0;
        for (int shift = 0; ;)
        {
            byte next = Byte();
            value |= shift < LebBitsMax ? (long)(next & 0x7F) << shift : 0;
            shift += 7;
            if (next < 0x80)
            {
                return shift < LebBitsMax && (next & 0x40) != 0 ? value | (-1L << shift) : value;
            }
        }
    }

    /// <summary>Text up to a byte of zero.</summary>
    public string Text()
    {
        ReadOnlySpan<byte> rest = _data[Position..];
        int length = rest[..Math.Min(rest.Length, TextMaxBytes)].IndexOf((byte)0);
        if (length < 0)
        {
            throw Invalid($"a name in it has no end, or more than {TextMaxBytes} bytes");
        }

        string text = Encoding.UTF8.GetString(_data.Slice(Position, length));
        Position += length + 1;
        return text;
    }

    /// <summary>The length in front of a unit: 4 bytes, or 12 in the 64-bit format.</summary>
    /// <returns>The length of what follows, and whether offsets in it have 8 bytes.</returns>
    public (int LengthBytes, bool IsWide) UnitLength()
    {
        ulong length = UInt32();
        bool isWide = length == WideLengthMark;
        if (isWide)
        {
            length = UInt64();
        }

        return length <= (ulong)(_data.Length - Position)
            ? ((int)length, isWide)
            : throw Invalid($"a unit of {length} bytes reaches beyond its end");
    }

    /// <summary>An offset into a section.</summary>
    public ulong Offset(bool isWide) => isWide ? UInt64() : UInt32();
}
