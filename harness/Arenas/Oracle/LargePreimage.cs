using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Oracle;

/// <summary>
/// Data for the pre-image oracle's proposals of large pre-images: Keccak blocks, the commitment to the state
/// after each, and the tree over both, whose parts anyone can check.
/// </summary>
public sealed class LargePreimage
{
    private readonly List<Bytes32> _commitments = [];

    /// <summary>
    /// Throws <see cref="ChainException"/> for data that have one block only or too many: 1 to 2^16 - 1
    /// blocks fit in, and the last step of a proposal needs two.
    /// </summary>
    public LargePreimage(ReadOnlyMemory<byte> data)
    {
        Data = data;
        byte[] padded = KeccakSponge.Pad(data.Span);
        int count = padded.Length / KeccakSponge.BlockBytes;
        if (count is < 2 or > LargePreimageTree.LeavesMax)
        {
            throw new ChainException(
                ChainFailure.Abi, $"{data.Length:N0} bytes cannot be proposed as a large pre-image.");
        }

        KeccakSponge sponge = new();
        for (int index = 0; index < count; index++)
        {
            sponge.Absorb(padded.AsSpan(index * KeccakSponge.BlockBytes, KeccakSponge.BlockBytes));
            _commitments.Add(sponge.Commitment());
        }

        Tree = new LargePreimageTree(padded, _commitments);
    }

    /// <summary>The data without padding.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The blocks with their commitments, all of which are right.</summary>
    public LargePreimageTree Tree { get; }

    /// <summary>Keccak blocks of the data with their padding.</summary>
    public int BlockCount => Tree.Count;

    /// <summary>The state after each block.</summary>
    public IReadOnlyList<Bytes32> Commitments => _commitments;
}
