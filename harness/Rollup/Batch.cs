using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>
/// The data of a transaction to the batch inbox, version 0: the byte 0, then an RLP list of L2 headers, each
/// encoded as it is hashed.
/// </summary>
public static class Batch
{
    private const byte Version = 0;

    /// <summary>Encodes headers, in their order.</summary>
    public static byte[] Encode(IEnumerable<BlockHeader> headers)
    {
        byte[] list = RlpItem.List(headers.Select(header => RlpItem.Decode(header.Encode()))).Encode();
        byte[] batch = new byte[1 + list.Length];
        batch[0] = Version;
        list.CopyTo(batch, 1);
        return batch;
    }

    /// <summary>
    /// Reads a batch; null when anything in it is malformed, since such a batch counts as none.
    /// </summary>
    public static IReadOnlyList<BlockHeader>? TryDecode(ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty || data.Span[0] != Version)
        {
            return null;
        }

        try
        {
            IReadOnlyList<RlpItem> items = RlpItem.Decode(data[1..]).Items;
            return [.. items.Select(item => BlockHeader.Decode(item.Encode()))];
        }
        catch (ChainException)
        {
            return null;
        }
    }
}
