using System.Buffers.Binary;

namespace Culverin.Harness.Values;

/// <summary>A 20-byte account address, big-endian like everything on chain.</summary>
public readonly record struct Address
{
    /// <summary>Bytes of an address.</summary>
    public const int SizeBytes = 20;

    private readonly ulong _high;
    private readonly ulong _middle;
    private readonly uint _low;

    /// <summary>
    /// Takes exactly 20 bytes; throws <see cref="ChainException"/> for another number of bytes.
    /// </summary>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != SizeBytes)
        {
            throw new ChainException(ChainFailure.Abi, $"An address has 20 bytes, not {bytes.Length}.");
        }

        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _middle = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _low = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Reads "0x" and 40 digits; case is free and not checked as a checksum.</summary>
    public static Address Parse(string text) => new(Hex.Parse(text));

    /// <summary>
    /// The address of the contract that <paramref name="creator"/> makes by its transaction or creation
    /// number <paramref name="nonce"/>.
    /// </summary>
    public static Address OfCreated(Address creator, ulong nonce) =>
        new(Bytes32.Keccak256(RlpItem.List(creator, nonce).Encode())
            .ToArray()
            .AsSpan(Bytes32.SizeBytes - SizeBytes));

    /// <summary>Writes the 20 bytes to the start of <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _middle);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _low);
    }

    /// <summary>The address in lower-case hexadecimal.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        CopyTo(bytes);
        return Hex.Format(bytes);
    }
}
