using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>Builds the Merkle Patricia trie of a list: how a header commits to its transactions.</summary>
public sealed class TrieBuilder
{
    private const int ChildCount = 16;

    private readonly List<byte[]> _nodes = [];

    private TrieBuilder()
    {
    }

    /// <summary>The root of a trie without entries.</summary>
    public static Bytes32 EmptyRoot { get; } = Bytes32.Keccak256(RlpItem.Empty.Encode());

    /// <summary>
    /// The nodes of the trie that holds each value under its encoded place, the root last; none for an
    /// empty list. Values are not empty.
    /// </summary>
    public static IReadOnlyList<byte[]> NodesOf(IReadOnlyList<byte[]> values)
    {
        if (values.Count == 0)
        {
            return [];
        }

        TrieBuilder builder = new();
        Entry[] entries = [.. values.Select((value, index) =>
            new Entry(Nibbles.Of(RlpItem.FromInteger(index).Encode()), value))];
        builder._nodes.Add(builder.Build(entries, 0).Encode());
        return builder._nodes;
    }

    /// <summary>The root of the trie that <see cref="NodesOf"/> makes.</summary>
    public static Bytes32 RootOf(IReadOnlyList<byte[]> values)
    {
        IReadOnlyList<byte[]> nodes = NodesOf(values);
        return nodes.Count == 0 ? EmptyRoot : Bytes32.Keccak256(nodes[^1]);
    }

    // The node of entries that share their first half bytes, depth many. No key is the start of another, so
    // that branches never hold values themselves.
    private RlpItem Build(ReadOnlySpan<Entry> entries, int depth)
    {
        ReadOnlySpan<byte> first = entries[0].Path.AsSpan(depth);
        if (entries.Length == 1)
        {
            return RlpItem.List(Nibbles.Pack(first, isLeaf: true), entries[0].Value);
        }

        int shared = first.Length;
        foreach (Entry entry in entries[1..])
        {
            shared = first[..shared].CommonPrefixLength(entry.Path.AsSpan(depth));
        }

        if (shared > 0)
        {
            RlpItem child = Refer(Build(entries, depth + shared));
            return RlpItem.List(Nibbles.Pack(first[..shared], isLeaf: false), child);
        }

        RlpItem[] parts = new RlpItem[ChildCount + 1];
        Array.Fill(parts, RlpItem.Empty);
        Entry[] all = entries.ToArray();
        foreach (IGrouping<byte, Entry> group in all.GroupBy(entry => entry.Path[depth]))
        {
            parts[group.Key] = Refer(Build(group.ToArray(), depth + 1));
        }

        return RlpItem.List(parts);
    }

    // A node of less than 32 bytes lies in its parent; a longer one is named there by its hash.
    private RlpItem Refer(RlpItem node)
    {
        byte[] encoded = node.Encode();
        if (encoded.Length < Bytes32.SizeBytes)
        {
            return node;
        }

        _nodes.Add(encoded);
        return Bytes32.Keccak256(encoded);
    }

    private readonly record struct Entry(byte[] Path, byte[] Value);
}
