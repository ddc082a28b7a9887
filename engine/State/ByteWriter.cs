using System.Buffers.Binary;
using System.Numerics;

namespace Culverin.State;

/// <summary>Writes big-endian fields one after another into a span of the right size.</summary>
internal ref struct ByteWriter(Span<byte> target)
{
    private Span<byte> _rest = target;

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    /// <summary>Writes a flag as 0 or 1.</summary>
    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes a word of 4 or 8 bytes, by type.</summary>
    public void Word<TWord>(TWord value)
        where TWord : unmanaged, IBinaryInteger<TWord> => _rest = _rest[value.WriteBigEndian(_rest)..];

    /// <summary>Writes 8 bytes.</summary>
    public void UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_rest, value);
        _rest = _rest[sizeof(ulong)..];
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_rest);
        _rest = _rest[bytes.Length..];
    }
}
