using System;

namespace Culverin.Harness.Chain;

/// <summary>Writes Recursive Length Prefix data (source: Ethereum yellow paper, appendix B).</summary>
internal static class RlpEncoder
{
    /// <summary>Payloads up to this length have a prefix of one byte.</summary>
    internal const int ShortLengthMax = 55;

    internal const byte StringOffset = 0x80;
    internal const byte ListOffset = 0xc0;

    /// <summary>The encoding of a value.</summary>
    internal static byte[] Encode(RlpItem item)
    {
        byte[] output = new byte[EncodedLength(item)];
        int end = Write(item, output);
        return end == output.Length
            ? output
            : throw new InvalidOperationException("The two passes of the RLP encoder disagree.");
    }

    private static int EncodedLength(RlpItem item)
    {
        int payload = PayloadLength(item);
        return IsOwnEncoding(item) ? 1 : checked(1 + LengthBytes(payload) + payload);
    }

    private static int PayloadLength(RlpItem item)
    {
        if (!item.IsList)
        {
            return item.Bytes.Length;
        }

        int sum = 0;
        foreach (RlpItem part in item.Parts)
        {
            sum = checked(sum + EncodedLength(part));
        }

        return sum;
    }

    // A single byte below 0x80 stands for itself.
    private static bool IsOwnEncoding(RlpItem item) =>
        !item.IsList && item.Bytes.Length == 1 && item.Bytes.Span[0] < StringOffset;

    private static int LengthBytes(int payload) =>
        payload <= ShortLengthMax ? 0
        : payload < 1 << 8 ? 1
        : payload < 1 << 16 ? 2
        : payload < 1 << 24 ? 3
        : 4;

    // Returns how many bytes were written.
    private static int Write(RlpItem item, Span<byte> output)
    {
        if (IsOwnEncoding(item))
        {
            output[0] = item.Bytes.Span[0];
            return 1;
        }

        int payload = PayloadLength(item);
        int position = WritePrefix(output, item.IsList ? ListOffset : StringOffset, payload);
        if (!item.IsList)
        {
            item.Bytes.Span.CopyTo(output[position..]);
            return position + payload;
        }

        foreach (RlpItem part in item.Parts)
        {
            position += Write(part, output[position..]);
        }

        return position;
    }

    private static int WritePrefix(Span<byte> output, byte offset, int payload)
    {
        int lengthBytes = LengthBytes(payload);
        if (lengthBytes == 0)
        {
            output[0] = (byte)(offset + payload);
            return 1;
        }

        output[0] = (byte)(offset + ShortLengthMax + lengthBytes);
        for (int index = 0; index < lengthBytes; index++)
        {
            output[lengthBytes - index] = (byte)(payload >> (8 * index));
        }

        return 1 + lengthBytes;
    }
}
