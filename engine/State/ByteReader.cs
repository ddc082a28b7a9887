using System.Buffers.Binary;
using System.Numerics;

namespace Culverin.State;

/// <summary>Reads big-endian fields one after another from a span whose size was checked.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>Reads one byte.</summary>
    public byte Byte()
    {
        byte value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    /// <summary>Reads a byte that must be 0 or 1.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/>, naming the field.
    /// </exception>
    public bool Flag(string field)
    {
        byte value = Byte();
        return value <= 1
            ? value == 1
            : throw new CulverinException(
                ErrorCode.InvalidState, $"The {field} byte is 0 or 1, not {value}.");
    }

    /// <summary>Reads a word of 4 or 8 bytes, by type.</summary>
    public unsafe TWord Word<TWord>()
        where TWord : unmanaged, IBinaryInteger<TWord> =>
        TWord.ReadBigEndian(Bytes(sizeof(TWord)), isUnsigned: true);

    /// <summary>Reads 8 bytes.</summary>
    public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Bytes(sizeof(ulong)));

    /// <summary>Reads bytes as they are.</summary>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        ReadOnlySpan<byte> bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }
}
