using System;
using System.Collections.Generic;

namespace Culverin.Harness.Chain;

/// <summary>
/// Reads Recursive Length Prefix data strictly: only the one canonical encoding of a value is accepted, no
/// byte may be left over, and lists nest at most <see cref="DepthMax"/> deep. Every value takes at least
/// one byte of input, so the input bounds the memory; byte strings are views of it.
/// </summary>
public static class RlpDecoder
{
    /// <summary>How deep lists may nest: more than any structure of Ethereum needs.</summary>
    public const int DepthMax = 32;

    /// <summary>
    /// Reads one value that fills the data entirely; throws <see cref="ChainException"/> otherwise.
    /// </summary>
    public static RlpItem Decode(ReadOnlyMemory<byte> data)
    {
        RlpItem item = DecodeFirst(data, out int length);
        return length == data.Length
            ? item
            : throw RlpItem.Malformed($"{data.Length - length} bytes are left over behind the value");
    }

    /// <summary>
    /// Reads the value at the start of the data and tells how many bytes it takes; throws <see
    /// cref="ChainException"/> when there is none.
    /// </summary>
    public static RlpItem DecodeFirst(ReadOnlyMemory<byte> data, out int lengthBytes) =>
        Read(data, 0, out lengthBytes);

    private static RlpItem Read(ReadOnlyMemory<byte> data, int depth, out int length)
    {
        if (data.IsEmpty)
        {
            throw RlpItem.Malformed("it ends where a value is due");
        }

        byte first = data.Span[0];
        if (first < RlpEncoder.StringOffset)
        {
            length = 1;
            return RlpItem.FromBytes(data[..1]);
        }

        bool isList = first >= RlpEncoder.ListOffset;
        ReadOnlyMemory<byte> payload = ReadPayload(data, first, isList, out length);
        if (!isList)
        {
            return payload.Length == 1 && payload.Span[0] < RlpEncoder.StringOffset
                ? throw RlpItem.Malformed("a byte that stands for itself has a prefix")
                : RlpItem.FromBytes(payload);
        }

        if (depth == DepthMax)
        {
            throw RlpItem.Malformed($"lists nest over {DepthMax} deep");
        }

        List<RlpItem> items = [];
        while (!payload.IsEmpty)
        {
            items.Add(Read(payload, depth + 1, out int itemLength));
            payload = payload[itemLength..];
        }

        return RlpItem.List(items);
    }

    private static ReadOnlyMemory<byte> ReadPayload(
        ReadOnlyMemory<byte> data, byte first, bool isList, out int length)
    {
        int code = first - (isList ? RlpEncoder.ListOffset : RlpEncoder.StringOffset);
        int prefix = 1;
        long payload = code;
        if (code > RlpEncoder.ShortLengthMax)
        {
            int lengthBytes = code - RlpEncoder.ShortLengthMax;
            payload = ReadLength(data.Span[1..], lengthBytes);
            prefix += lengthBytes;
        }

        if (payload > data.Length - prefix)
        {
            throw RlpItem.Malformed($"a value of {payload} bytes is longer than the data");
        }

        length = prefix + (int)payload;
        return data[prefix..length];
    }

    private static long ReadLength(ReadOnlySpan<byte> data, int lengthBytes)
    {
        if (data.Length < lengthBytes)
        {
            throw RlpItem.Malformed("it ends within a length");
        }

        // Lengths that do not fit 31 bits are longer than any data in memory, whatever they are.
        ulong payload = 0;
        foreach (byte each in data[..lengthBytes])
        {
            payload = payload > int.MaxValue ? payload : (payload << 8) | each;
        }

        return data[0] == 0 ? throw RlpItem.Malformed("a length has leading zeros")
            : payload > RlpEncoder.ShortLengthMax ? (long)payload
            : throw RlpItem.Malformed("a short value has a long prefix");
    }
}
