using System.Numerics;

namespace Culverin.Harness.Values;

/// <summary>
/// A value of Ethereum's Recursive Length Prefix encoding: a byte string or a list of values. Numbers are
/// byte strings, big-endian without leading zeros. C# values convert by themselves:
/// <c>RlpItem.List(nonce, to, value, data).Encode()</c>. Values do not change.
/// </summary>
public sealed class RlpItem
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly RlpItem[]? _items;

    private RlpItem(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
    }

    private RlpItem(RlpItem[] items)
    {
        _items = items;
    }

    /// <summary>The empty byte string: the number zero, or an address that is not there.</summary>
    public static RlpItem Empty { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether the value is a list.</summary>
    public bool IsList => _items is not null;

    /// <summary>The byte string; throws <see cref="ChainException"/> for a list.</summary>
    public ReadOnlyMemory<byte> Bytes =>
        _items is null ? _bytes : throw Malformed("a list stands where a byte string is due");

    /// <summary>The parts of the list; throws <see cref="ChainException"/> for a byte string.</summary>
    public IReadOnlyList<RlpItem> Items => Parts;

    internal RlpItem[] Parts => _items ?? throw Malformed("a byte string stands where a list is due");

    /// <summary>A number.</summary>
    public static implicit operator RlpItem(ulong value) => FromInteger(value);

    /// <summary>A number.</summary>
    public static implicit operator RlpItem(BigInteger value) => FromInteger(value);

    /// <summary>20 bytes.</summary>
    public static implicit operator RlpItem(Address value) => FromAddress(value);

    /// <summary>32 bytes.</summary>
    public static implicit operator RlpItem(Bytes32 value) => new(value.ToArray());

    /// <summary>Bytes; the array is not copied.</summary>
    public static implicit operator RlpItem(byte[] value) => FromBytes(value);

    /// <summary>Bytes; the memory is not copied.</summary>
    public static implicit operator RlpItem(ReadOnlyMemory<byte> value) => FromBytes(value);

    /// <summary>Makes a byte string over this memory.</summary>
    public static RlpItem FromBytes(ReadOnlyMemory<byte> value) => new(value);

    /// <summary>Makes a number; throws <see cref="ArgumentOutOfRangeException"/> below zero.</summary>
    public static RlpItem FromInteger(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value.IsZero ? Empty : new RlpItem(value.ToByteArray(isUnsigned: true, isBigEndian: true));
    }

    /// <summary>Makes the 20 bytes of an address, or the empty byte string for none.</summary>
    public static RlpItem FromAddress(Address? value)
    {
        if (value is not { } address)
        {
            return Empty;
        }

        byte[] bytes = new byte[Address.SizeBytes];
        address.CopyTo(bytes);
        return new RlpItem(bytes);
    }

    /// <summary>Makes a list.</summary>
    public static RlpItem List(params RlpItem[] items) => new(items);

    /// <summary>Makes a list.</summary>
    public static RlpItem List(IEnumerable<RlpItem> items) => new([.. items]);

    /// <summary>
    /// Reads one encoded value that fills <paramref name="data"/> entirely; throws <see
    /// cref="ChainException"/> when they are not its one canonical encoding.
    /// </summary>
    public static RlpItem Decode(ReadOnlyMemory<byte> data) => RlpCodec.Decode(data);

    /// <summary>The encoding.</summary>
    public byte[] Encode() => RlpCodec.Encode(this);

    /// <summary>
    /// The number of at most 64 bits; throws <see cref="ChainException"/> when it has leading zeros or more
    /// bits, or the value is a list.
    /// </summary>
    public ulong AsUInt64() => (ulong)AsInteger(sizeof(ulong));

    /// <summary>
    /// The number of at most 256 bits; throws <see cref="ChainException"/> as <see cref="AsUInt64"/> does.
    /// </summary>
    public BigInteger AsUInt256() => AsInteger(Bytes32.SizeBytes);

    /// <summary>
    /// The address, null for the empty byte string; throws <see cref="ChainException"/> for another size.
    /// </summary>
    public Address? AsAddressOrNone() => Bytes.IsEmpty ? null : new Address(Bytes.Span);

    /// <summary>The 32 bytes; throws <see cref="ChainException"/> for another size.</summary>
    public Bytes32 AsBytes32() => new(Bytes.Span);

    /// <summary>Byte strings in hexadecimal, lists in brackets, cut where long.</summary>
    public override string ToString() => JsonText.Printable(
        _items is null ? Hex.Format(_bytes.Span) : "[" + string.Join(",", _items.AsEnumerable()) + "]");

    internal static ChainException Malformed(string what) =>
        new(ChainFailure.Encoding, $"RLP data is malformed: {what}.");

    private BigInteger AsInteger(int sizeBytesMax)
    {
        ReadOnlySpan<byte> bytes = Bytes.Span;
        return bytes.Length > sizeBytesMax ? throw Malformed($"a number has over {sizeBytesMax} bytes")
            : !bytes.IsEmpty && bytes[0] == 0 ? throw Malformed("a number has leading zeros")
            : new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
