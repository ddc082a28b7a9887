using System.Buffers.Binary;
using Culverin.Primitives;

namespace Culverin.OnChain.Tests;

/// <summary>
/// A 32-bit guest memory of a few words, its Merkle root and its proofs: enough for hand-made steps.
/// </summary>
internal sealed class SparseMemory
{
    private const int Depth = 27;
    private const int ProofBytes = 32 * (Depth + 1);

    private static readonly byte[][] ZeroHashes = MakeZeroHashes();

    private readonly SortedDictionary<uint, byte[]> _leaves = [];

    internal SparseMemory Set(uint address, uint word)
    {
        if (!_leaves.TryGetValue(address >> 5, out byte[]? leaf))
        {
            _leaves[address >> 5] = leaf = new byte[32];
        }

        BinaryPrimitives.WriteUInt32BigEndian(leaf.AsSpan((int)(address & 28)), word);
        return this;
    }

    internal byte[] Root() => Node(Depth, 0);

    /// <summary>Both memory proofs; a null address leaves its proof all zero.</summary>
    internal byte[] Proofs(uint first, uint? second)
    {
        byte[] proofs = new byte[2 * ProofBytes];
        Prove(first, proofs.AsSpan(0, ProofBytes));
        if (second is { } address)
        {
            Prove(address, proofs.AsSpan(ProofBytes));
        }

        return proofs;
    }

    private void Prove(uint address, Span<byte> proof)
    {
        uint index = address >> 5;
        Node(0, index).CopyTo(proof);
        for (int level = 0; level < Depth; level++)
        {
            Node(level, (index >> level) ^ 1).CopyTo(proof[(32 * (level + 1))..]);
        }
    }

    private byte[] Node(int level, uint index)
    {
        bool isEmpty = true;
        foreach (uint leaf in _leaves.Keys)
        {
            isEmpty &= leaf >> level != index;
        }

        return isEmpty ? ZeroHashes[level]
            : level == 0 ? _leaves[index]
            : HashPair(Node(level - 1, 2 * index), Node(level - 1, (2 * index) + 1));
    }

    private static byte[][] MakeZeroHashes()
    {
        byte[][] hashes = new byte[Depth + 1][];
        hashes[0] = new byte[32];
        for (int level = 0; level < Depth; level++)
        {
            hashes[level + 1] = HashPair(hashes[level], hashes[level]);
        }

        return hashes;
    }

    private static byte[] HashPair(byte[] left, byte[] right)
    {
        byte[] hash = new byte[32];
        Keccak256.Hash([.. left, .. right], hash);
        return hash;
    }
}
