using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Oracle;

/// <summary>
/// The tree of depth 16 that the pre-image oracle keeps of a proposal: its leaves are Keccak blocks of 136
/// bytes, each with its place and with what the proposer says of the state after it, be that right or wrong
/// (source: the contract PreimageOracle 1.0.0). Does not change.
/// </summary>
public sealed class LargePreimageTree
{
    /// <summary>Levels above the leaves.</summary>
    public const int Depth = 16;

    /// <summary>Most leaves: the last place of the tree stays empty.</summary>
    public const int LeavesMax = (1 << Depth) - 1;

    private readonly ReadOnlyMemory<byte> _blocks;
    private readonly IReadOnlyList<Bytes32> _commitments;

    // The leaves first; the last level is the root alone.
    private readonly Bytes32[][] _levels = new Bytes32[Depth + 1][];

    /// <summary>Takes the blocks, one behind the other, and as many commitments.</summary>
    /// <param name="blocks">136 bytes for each leaf.</param>
    /// <param name="commitments">The stated state after each block.</param>
    /// <exception cref="ChainException">Too many blocks, or not as many of both.</exception>
    public LargePreimageTree(ReadOnlyMemory<byte> blocks, IReadOnlyList<Bytes32> commitments)
    {
        _blocks = blocks;
        _commitments = commitments;
        if (Count > LeavesMax || blocks.Length != Count * KeccakSponge.BlockBytes)
        {
            throw new ChainException(
                ChainFailure.Abi,
                $"{blocks.Length:N0} bytes and {Count:N0} commitments are no proposal of a large pre-image.");
        }

        _levels[0] = new Bytes32[Count];
        for (int index = 0; index < Count; index++)
        {
            _levels[0][index] = HashOfLeaf(index);
        }

        Bytes32 nothing = default;
        for (int level = 1; level <= Depth; level++)
        {
            _levels[level] = Pair(_levels[level - 1], nothing);
            nothing = HashOfPair(nothing, nothing);
        }
    }

    /// <summary>How many leaves there are.</summary>
    public int Count => _commitments.Count;

    /// <summary>What the contract's <c>getTreeRootLPP</c> says of the same leaves.</summary>
    public Bytes32 Root => _levels[Depth].Length > 0 ? _levels[Depth][0] : RootOfNothing();

    /// <summary>A leaf as the contract takes it: block, place and commitment.</summary>
    public PreimageOracle.Leaf LeafAt(int index) => new()
    {
        Input = BlockAt(index).ToArray(),
        Index = index,
        StateCommitment = _commitments[index],
    };

    /// <summary>The hashes beside the way from a leaf to the root, lowest first.</summary>
    public IReadOnlyList<Bytes32> ProofAt(int index)
    {
        var proof = new Bytes32[Depth];
        Bytes32 nothing = default;
        for (int level = 0; level < Depth; level++)
        {
            int sibling = (index >> level) ^ 1;
            proof[level] = sibling < _levels[level].Length ? _levels[level][sibling] : nothing;
            nothing = HashOfPair(nothing, nothing);
        }

        return proof;
    }

    /// <summary>The first leaf whose commitment is wrong; null when all are right.</summary>
    public int? FindFirstWrong()
    {
        KeccakSponge sponge = new();
        for (int index = 0; index < Count; index++)
        {
            sponge.Absorb(BlockAt(index).Span);
            if (sponge.Commitment() != _commitments[index])
            {
                return index;
            }
        }

        return null;
    }

    /// <summary>The state after the first blocks, lane by lane, whatever the commitments say.</summary>
    public PreimageOracle.StateMatrix StateAfter(int blockCount)
    {
        KeccakSponge sponge = new();
        for (int index = 0; index < blockCount; index++)
        {
            sponge.Absorb(BlockAt(index).Span);
        }

        return new PreimageOracle.StateMatrix { State = [.. sponge.Lanes] };
    }

    /// <summary>
    /// The call that takes a proposal of these leaves which nobody challenged; its bond goes back then.
    /// </summary>
    /// <param name="claimant">Who proposed.</param>
    /// <param name="id">The proposal's number among the proposer's.</param>
    public PreimageOracle.SqueezeLPPFunction Squeeze(Address claimant, BigInteger id)
    {
        int last = Count - 1;
        return new PreimageOracle.SqueezeLPPFunction
        {
            Claimant = claimant,
            Uuid = id,
            StateMatrix = StateAfter(last),
            PreState = LeafAt(last - 1),
            PreStateProof = ProofAt(last - 1),
            PostState = LeafAt(last),
            PostStateProof = ProofAt(last),
        };
    }

    private ReadOnlyMemory<byte> BlockAt(int index) =>
        _blocks.Slice(index * KeccakSponge.BlockBytes, KeccakSponge.BlockBytes);

    private Bytes32 HashOfLeaf(int index) => Bytes32.Keccak256(
    [
        .. BlockAt(index).Span, .. Bytes32.FromInteger(index).ToArray(), .. _commitments[index].ToArray(),
    ]);

    private static Bytes32 RootOfNothing()
    {
        Bytes32 nothing = default;
        for (int level = 0; level < Depth; level++)
        {
            nothing = HashOfPair(nothing, nothing);
        }

        return nothing;
    }

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
