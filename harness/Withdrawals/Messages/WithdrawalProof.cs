using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>
/// Shows that a withdrawal is in the state of an L2 block: what the block's output root consists of, and
/// the trie nodes from the message passer's storage root to the withdrawal's slot, root first.
/// </summary>
/// <param name="Output">What the output root consists of.</param>
/// <param name="Nodes">The trie nodes.</param>
public sealed record WithdrawalProof(OutputRoot Output, IReadOnlyList<ReadOnlyMemory<byte>> Nodes)
{
    private const byte Sent = 1;

    /// <summary>
    /// Builds the proof for the state after an L2 block, and checks it. Throws <see cref="ChainException"/>
    /// when the block does not hold the withdrawal, or the node proves wrongly.
    /// </summary>
    public static async Task<WithdrawalProof> BuildAsync(
        EthereumNode l2, Withdrawal withdrawal, ulong blockNumber, CancellationToken cancellation = default)
    {
        OutputRoot output =
            await OutputRoot.ReadAsync(l2, blockNumber, cancellation).ConfigureAwait(false);
        BlockReference block = BlockReference.Hash(output.BlockHash);
        AccountProof proof = await l2
            .GetProofAsync(OutputRoot.MessagePasser, [withdrawal.Slot], block, cancellation)
            .ConfigureAwait(false);
        IReadOnlyList<ReadOnlyMemory<byte>> nodes = proof.Storage[0].Nodes;
        byte[] key = Bytes32.Keccak256(withdrawal.Slot.ToArray()).ToArray();
        return TrieProof.Find(output.MessagePasserStorageRoot, key, nodes) is { Length: 1 } value
            && value.Span[0] == Sent
                ? new WithdrawalProof(output, nodes)
                : throw new ChainException(
                    ChainFailure.BadAnswer, $"The L2 block {blockNumber} does not hold the withdrawal.");
    }

    /// <summary>The portal's call for this proof on the game of this number.</summary>
    internal OptimismPortal2.ProveWithdrawalTransactionFunction Call(Withdrawal withdrawal, ulong gameIndex)
    {
        return new OptimismPortal2.ProveWithdrawalTransactionFunction
        {
            Tx = withdrawal.Transaction,
            DisputeGameIndex = gameIndex,
            OutputRootProof = new OptimismPortal2.OutputRootProof
            {
                StateRoot = Output.StateRoot,
                MessagePasserStorageRoot = Output.MessagePasserStorageRoot,
                LatestBlockhash = Output.BlockHash,
            },
            WithdrawalProof = [.. Nodes.Select(node => node.ToArray())],
        };
    }
}
