using Nethereum.RLP;

namespace Culverin.Harness.Values;

/// <summary>
/// Recursive Length Prefix data by Nethereum.RLP (source: Ethereum yellow paper, appendix B). The library
/// accepts trailing bytes, overruns, any depth and other encodings than the one canonical; here the
/// lengths and the depth are looked at before it decodes, and what it decoded is believed only if encoding
/// it gives the same bytes again. May be used from several threads at once.
/// </summary>
internal static class RlpCodec
{
    /// <summary>How deep lists may nest: more than any structure of Ethereum needs.</summary>
    internal const int DepthMax = 32;

    /// <summary>The first byte of the encoding of a list is this or higher.</summary>
    internal const byte ListOffset = 0xc0;

    private const byte StringOffset = 0x80;

    // Payloads up to this length have a prefix of one byte.
    private const int ShortLengthMax = 55;

    /// <summary>The encoding of a value.</summary>
    internal static byte[] Encode(RlpItem item) => item.IsList
        ? RLP.EncodeList([.. item.Parts.Select(Encode)])
        : RLP.EncodeElement(item.Bytes.ToArray());

    /// <summary>
    /// Reads one value that fills the data entirely; throws <see cref="ChainException"/> otherwise.
    /// </summary>
    internal static RlpItem Decode(ReadOnlyMemory<byte> data)
    {
        RequireBounded(data.Span);
        byte[] bytes = data.ToArray();
        RlpItem item = ItemOf(RLP.Decode(bytes));
        return Encode(item).AsSpan().SequenceEqual(bytes)
            ? item
            : throw RlpItem.Malformed("it is not the canonical encoding of its values");
    }

    /// <summary>
    /// Throws <see cref="ChainException"/> unless the data are one value whose parts lie within it and do not
    /// nest too deep.
    /// </summary>
    internal static void RequireBounded(ReadOnlySpan<byte> data)
    {
        int length = LengthOfFirst(data, 0);
        if (length != data.Length)
        {
            throw RlpItem.Malformed($"{data.Length - length} bytes are left over behind the value");
        }
    }

    private static RlpItem ItemOf(IRLPElement element) => element is RLPCollection list
        ? RlpItem.List(list.Select(ItemOf))
        : RlpItem.FromBytes(element.RLPData ?? []);

    // Bytes of the first value, prefix included.
    private static int LengthOfFirst(ReadOnlySpan<byte> data, int depth)
    {
        if (data.IsEmpty)
        {
            throw RlpItem.Malformed("it ends where a value is due");
        }

        byte first = data[0];
        if (first < StringOffset)
        {
            return 1;
        }

        bool isList = first >= ListOffset;
        int code = first - (isList ? ListOffset : StringOffset);
        int prefix = 1 + int.Max(0, code - ShortLengthMax);
        long payload = code > ShortLengthMax ? ReadLength(data[1..], prefix - 1) : code;
        if (payload > data.Length - prefix)
        {
            throw RlpItem.Malformed($"a value of {payload} bytes is longer than the data");
        }

        int end = prefix + (int)payload;
        if (isList && depth == DepthMax)
        {
            throw RlpItem.Malformed($"lists nest over {DepthMax} deep");
        }

        for (int place = prefix; isList && place < end;)
        {
            place += LengthOfFirst(data[place..end], depth + 1);
        }

        return end;
    }

    private static long ReadLength(ReadOnlySpan<byte> data, int lengthBytes)
    {
        if (data.Length < lengthBytes)
        {
            throw RlpItem.Malformed("it ends within a length");
        }

        // Lengths that do not fit 31 bits are longer than any data in memory, whatever they are.
        long payload = 0;
        foreach (byte each in data[..lengthBytes])
        {
            payload = payload > int.MaxValue ? payload : (payload << 8) | each;
        }

        return payload;
    }
}
