using System.Buffers.Binary;
using System.Numerics;

namespace Culverin.Harness.Values;

/// <summary>A 32-byte word: a hash, a pre-image key, a local context.</summary>
public readonly record struct Bytes32
{
    /// <summary>Bytes of a word.</summary>
    public const int SizeBytes = 32;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    /// <summary>
    /// Takes exactly 32 bytes; throws <see cref="ChainException"/> for another number of bytes.
    /// </summary>
    public Bytes32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
        {
            throw new ChainException(ChainFailure.Abi, $"A word has 32 bytes, not {bytes.Length}.");
        }

        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _third = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _fourth = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Byte 0: the type of a pre-image key, the status of a state hash.</summary>
    public byte FirstByte => (byte)(_first >> 56);

    /// <summary>Reads "0x" and 64 digits.</summary>
    public static Bytes32 Parse(string text) => new(Hex.Parse(text));

    /// <summary>
    /// The number as a word, big-endian; throws <see cref="ChainException"/> when it is negative or has
    /// over 256 bits.
    /// </summary>
    public static Bytes32 FromInteger(BigInteger value)
    {
        byte[] word = new byte[SizeBytes];
        int length = value.Sign < 0 ? int.MaxValue : value.GetByteCount(isUnsigned: true);
        return length <= SizeBytes
            && value.TryWriteBytes(word.AsSpan(SizeBytes - length), out _, true, isBigEndian: true)
                ? new Bytes32(word)
                : throw new ChainException(ChainFailure.Abi, $"{value} does not fit into a word.");
    }

    /// <summary>The Keccak-256 hash of the data.</summary>
    public static Bytes32 Keccak256(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[SizeBytes];
        Primitives.Keccak256.Hash(data, hash);
        return new Bytes32(hash);
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _fourth);
    }

    /// <summary>The word as a number, big-endian.</summary>
    public BigInteger ToInteger() => new(ToArray(), isUnsigned: true, isBigEndian: true);

    /// <summary>The 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[SizeBytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>The word in lower-case hexadecimal.</summary>
    public override string ToString() => Hex.Format(ToArray());
}
