using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>
/// What an output root of version 0 commits to: the L2's state after a block, and the withdrawals in it
/// (source: OP Stack specification, L2 output root proposals).
/// </summary>
/// <param name="StateRoot">The root of the block's state trie.</param>
/// <param name="MessagePasserStorageRoot">The storage root of the contract that holds withdrawals.</param>
/// <param name="BlockHash">The block's hash.</param>
public sealed record OutputRoot(Bytes32 StateRoot, Bytes32 MessagePasserStorageRoot, Bytes32 BlockHash)
{
    /// <summary>Bytes of <see cref="Encode"/>: the version, which is zero, and three words.</summary>
    public const int SizeBytes = 4 * Bytes32.SizeBytes;

    /// <summary>The L2 contract that holds withdrawals.</summary>
    public static Address MessagePasser { get; } =
        Address.Parse("0x4200000000000000000000000000000000000016");

    /// <summary>The output root itself.</summary>
    public Bytes32 Hash => Bytes32.Keccak256(Encode());

    /// <summary>The bytes that are hashed.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[SizeBytes];
        StateRoot.CopyTo(bytes.AsSpan(Bytes32.SizeBytes));
        MessagePasserStorageRoot.CopyTo(bytes.AsSpan(2 * Bytes32.SizeBytes));
        BlockHash.CopyTo(bytes.AsSpan(3 * Bytes32.SizeBytes));
        return bytes;
    }

    /// <summary>
    /// The output after an L2 block. The header is checked against its hash, and the storage root proven
    /// against the header's state root. Throws <see cref="ChainException"/> when the node has no such
    /// block, or gives a wrong proof.
    /// </summary>
    public static async Task<OutputRoot> ReadAsync(
        EthereumNode l2, BlockReference block, CancellationToken cancellation = default)
    {
        BlockHeader header = (await l2.GetBlockAsync(block, cancellation).ConfigureAwait(false)).Header;
        return await ReadAsync(l2, header, cancellation).ConfigureAwait(false);
    }

    /// <summary>The same for a block whose header is known.</summary>
    public static async Task<OutputRoot> ReadAsync(
        EthereumNode l2, BlockHeader header, CancellationToken cancellation = default)
    {
        AccountProof proof = await l2
            .GetProofAsync(MessagePasser, [], BlockReference.Hash(header.Hash), cancellation)
            .ConfigureAwait(false);
        Bytes32 storageRoot = ProvenStorageRoot(header.StateRoot, proof.Nodes);
        return new OutputRoot(header.StateRoot, storageRoot, header.Hash);
    }

    private static Bytes32 ProvenStorageRoot(
        Bytes32 stateRoot, IReadOnlyList<ReadOnlyMemory<byte>> nodes)
    {
        byte[] passer = new byte[Address.SizeBytes];
        MessagePasser.CopyTo(passer);
        ReadOnlyMemory<byte> account =
            TrieProof.Find(stateRoot, Bytes32.Keccak256(passer).ToArray(), nodes)
            ?? throw new ChainException(
                ChainFailure.BadAnswer, "The L2 block has no contract for withdrawals.");

        // [nonce, balance, storage root, code hash]
        IReadOnlyList<RlpItem> fields = RlpItem.Decode(account).Items;
        return fields.Count == 4
            ? fields[2].AsBytes32()
            : throw new ChainException(ChainFailure.Encoding, "An account in the state trie is malformed.");
    }
}
