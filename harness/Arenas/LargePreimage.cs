using System;
using System.Collections.Generic;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>
/// Data for the pre-image oracle's proposals of large pre-images: Keccak blocks, the commitment to the state
/// after each, and a tree of depth 16 over both, whose parts anyone can check.
/// </summary>
public sealed class LargePreimage
{
    private const int TreeDepth = 16;

    private readonly byte[] _padded;
    private readonly List<Bytes32> _commitments = [];
    private readonly KeccakSponge _beforeLast = new();
    private readonly Bytes32[][] _levels = new Bytes32[TreeDepth][];

    /// <summary>
    /// Throws <see cref="ChainException"/> for data that have one block only or too many: 1 to 2^16 - 1
    /// blocks fit in, and the last step of a proposal needs two.
    /// </summary>
    public LargePreimage(ReadOnlyMemory<byte> data)
    {
        Data = data;
        _padded = KeccakSponge.Pad(data.Span);
        if (BlockCount is < 2 or >= 1 << TreeDepth)
        {
            throw new ChainException(
                ChainFailure.Abi, $"{data.Length:N0} bytes cannot be proposed as a large pre-image.");
        }

        KeccakSponge sponge = new();
        var leaves = new Bytes32[BlockCount];
        for (int index = 0; index < BlockCount; index++)
        {
            sponge.Absorb(BlockAt(index).Span);
            _commitments.Add(sponge.Commitment());
            leaves[index] = HashOfLeaf(index);
            if (index < BlockCount - 1)
            {
                _beforeLast.Absorb(BlockAt(index).Span);
            }
        }

        _levels[0] = leaves;
        Bytes32 nothing = default;
        for (int level = 1; level < TreeDepth; level++)
        {
            _levels[level] = Pair(_levels[level - 1], nothing);
            nothing = HashOfPair(nothing, nothing);
        }
    }

    /// <summary>The data without padding.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Keccak blocks of the data with their padding.</summary>
    public int BlockCount => _padded.Length / KeccakSponge.BlockBytes;

    /// <summary>The state after each block.</summary>
    public IReadOnlyList<Bytes32> Commitments => _commitments;

    /// <summary>The state before the last block, lane by lane.</summary>
    public AbiValue[] StateBeforeLast => _beforeLast.Lanes;

    /// <summary>A leaf as the contract takes it: block, place and commitment.</summary>
    public AbiValue[] LeafAt(int index) => [BlockAt(index), index, _commitments[index]];

    /// <summary>The hashes beside the way from a leaf to the root, lowest first.</summary>
    public AbiValue[] ProofAt(int index)
    {
        var proof = new AbiValue[TreeDepth];
        Bytes32 nothing = default;
        for (int level = 0; level < TreeDepth; level++)
        {
            int sibling = (index >> level) ^ 1;
            proof[level] = sibling < _levels[level].Length ? _levels[level][sibling] : nothing;
            nothing = HashOfPair(nothing, nothing);
        }

        return proof;
    }

    private ReadOnlyMemory<byte> BlockAt(int index) =>
        _padded.AsMemory(index * KeccakSponge.BlockBytes, KeccakSponge.BlockBytes);

    private Bytes32 HashOfLeaf(int index) => Bytes32.Keccak256(
    [
        .. BlockAt(index).Span, .. Bytes32.FromInteger(index).ToArray(), .. _commitments[index].ToArray(),
    ]);

    private static Bytes32[] Pair(Bytes32[] nodes, Bytes32 nothing)
    {
        var parents = new Bytes32[(nodes.Length + 1) / 2];
        for (int index = 0; index < parents.Length; index++)
        {
            int right = (2 * index) + 1;
            parents[index] = HashOfPair(nodes[2 * index], right < nodes.Length ? nodes[right] : nothing);
        }

        return parents;
    }

    private static Bytes32 HashOfPair(Bytes32 left, Bytes32 right) =>
        Bytes32.Keccak256([.. left.ToArray(), .. right.ToArray()]);
}
