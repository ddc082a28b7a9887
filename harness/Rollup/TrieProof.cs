using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>
/// Checks proofs from Merkle Patricia tries: the nodes on the way from a root to a key, root first.
/// </summary>
public static class TrieProof
{
    private const int BranchCount = 17;
    private const int ShortCount = 2;

    /// <summary>
    /// The value that the trie of this root holds under the whole key; null when the nodes prove that it
    /// holds none. Throws <see cref="ChainException"/> when they prove neither.
    /// </summary>
    public static ReadOnlyMemory<byte>? Find(
        Bytes32 root, ReadOnlySpan<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> nodes)
    {
        if (root == TrieBuilder.EmptyRoot)
        {
            return null;
        }

        ReadOnlySpan<byte> path = Nibbles.Of(key);
        int used = 0;
        RlpItem node = Open(root, nodes, ref used);
        while (true)
        {
            RlpItem next;
            if (node.Items.Count == BranchCount)
            {
                if (path.IsEmpty)
                {
                    return Value(node.Items[BranchCount - 1]);
                }

                next = node.Items[path[0]];
                path = path[1..];
            }
            else
            {
                byte[] part = Nibbles.Unpack(node.Items[0].Bytes.Span, out bool isLeaf);
                if (!path.StartsWith(part))
                {
                    return null;
                }

                path = path[part.Length..];
                next = node.Items[1];
                if (isLeaf)
                {
                    return path.IsEmpty ? Value(next) : null;
                }
            }

            if (!next.IsList && next.Bytes.IsEmpty)
            {
                return null;
            }

            // A node of less than 32 bytes lies in its parent.
            node = next.IsList ? Require(next) : Open(next.AsBytes32(), nodes, ref used);
        }
    }

    private static RlpItem Open(Bytes32 hash, IReadOnlyList<ReadOnlyMemory<byte>> nodes, ref int used)
    {
        if (used == nodes.Count || Bytes32.Keccak256(nodes[used].Span) != hash)
        {
            throw new ChainException(
                ChainFailure.BadAnswer, $"A proof lacks the trie node {hash}, or has another in its place.");
        }

        return Require(RlpItem.Decode(nodes[used++]));
    }

    private static RlpItem Require(RlpItem node) =>
        node.Items.Count is BranchCount or ShortCount
            ? node
            : throw new ChainException(ChainFailure.Encoding, "A trie node has neither 2 nor 17 parts.");

    private static ReadOnlyMemory<byte>? Value(RlpItem item) => item.Bytes.IsEmpty ? null : item.Bytes;
}
