using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Outputs;

/// <summary>
/// Output roots by a node that derives the L2 from L1 and executes it: nothing that a batcher or proposer
/// says about states is believed. Up to an L1 block those blocks count that were safe once that block was
/// read. A node that is behind, follows another L1 or another L2, or contradicts itself is not believed: it
/// throws. For one thread at a time.
/// </summary>
public sealed class VerifierOutputSource : IOutputSource
{
    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly RollupNode _rollup;
    private readonly ulong _l2ChainId;
    private readonly ulong _followedFrom;
    private readonly Bytes32? _followedRoot;
    private (Bytes32 L1Head, ulong Last)? _known;

    /// <summary>Asks nodes, which stay the caller's.</summary>
    /// <param name="l1">The L1.</param>
    /// <param name="l2">The L2, with the state of the blocks in question.</param>
    /// <param name="rollup">The node that derives it; may be the same process.</param>
    /// <param name="l2ChainId">The L2's chain id.</param>
    /// <param name="followedFrom">An L2 block that is surely right, such as the game's first.</param>
    /// <param name="followedRoot">The output after it; null when the node's own is believed.</param>
    public VerifierOutputSource(
        EthereumNode l1,
        EthereumNode l2,
        RollupNode rollup,
        ulong l2ChainId,
        ulong followedFrom,
        Bytes32? followedRoot = null)
    {
        _l1 = l1;
        _l2 = l2;
        _rollup = rollup;
        _l2ChainId = l2ChainId;
        _followedFrom = followedFrom;
        _followedRoot = followedRoot;
    }

    /// <inheritdoc/>
    public async Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
        (await EvidenceAtAsync(block, cancellation).ConfigureAwait(false)).Output.Hash;

    /// <inheritdoc/>
    public async Task<OutputEvidence> EvidenceAtAsync(ulong block, CancellationToken cancellation = default)
    {
        BlockHeader header = (await _l2.GetBlockAsync(block, cancellation).ConfigureAwait(false)).Header;
        OutputRoot output = await OutputRoot.ReadAsync(_l2, header, cancellation).ConfigureAwait(false);
        Bytes32 derived = await _rollup.GetOutputAsync(block, cancellation).ConfigureAwait(false);
        return derived == output.Hash
            ? new OutputEvidence(output, header)
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The node that derives the L2 has output {derived} after block {block}, but the proofs of "
                    + $"the L2's node make {output.Hash}.");
    }

    /// <inheritdoc/>
    public async Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default)
    {
        if (_known is not { } known || known.L1Head != l1Head)
        {
            await RequireStartAsync(cancellation).ConfigureAwait(false);
            known = (l1Head, await FindLastAsync(l1Head, cancellation).ConfigureAwait(false));
            _known = known;
        }

        return known.Last;
    }

    private async Task<ulong> FindLastAsync(Bytes32 l1Head, CancellationToken cancellation)
    {
        Block head = await _l1
            .GetBlockAsync(BlockReference.Hash(l1Head), cancellation)
            .ConfigureAwait(false);
        BlockId headId = new(l1Head, head.Number);
        SyncStatus status = await _rollup.GetSyncStatusAsync(cancellation).ConfigureAwait(false);
        if (status.CurrentL1.Number < head.Number)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The node that derives the L2 has read L1 up to block {status.CurrentL1.Number} only, and "
                    + $"{head.Number} counts.");
        }

        (BlockId origin, BlockId safe) =
            await _rollup.GetSafeHeadAsync(head.Number, cancellation).ConfigureAwait(false);
        if (origin.Number > head.Number)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The node that derives the L2 answers about L1 block {head.Number} by the later one "
                    + $"{origin.Number}.");
        }

        // What it has read is L1 as a whole only if the newest of it is.
        foreach (BlockId each in new[] { headId, origin, status.CurrentL1 })
        {
            await RequireOnL1Async(each, cancellation).ConfigureAwait(false);
        }

        Block? own = await _l2.FindBlockAsync(safe.Number, cancellation).ConfigureAwait(false);
        return own?.Hash == safe.Hash
            ? safe.Number
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"L2 block {safe} follows from L1, but the L2's node has "
                    + $"{own?.Hash.ToString() ?? "none"} there.");
    }

    private async Task RequireOnL1Async(BlockId block, CancellationToken cancellation)
    {
        Block? present = await _l1.FindBlockAsync(block.Number, cancellation).ConfigureAwait(false);
        if (present?.Hash != block.Hash)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"L1 has no block {block}, or has it no more: it has "
                    + $"{present?.Hash.ToString() ?? "none"} there.");
        }
    }

    private async Task RequireStartAsync(CancellationToken cancellation)
    {
        ulong id = await _l2.GetChainIdAsync(cancellation).ConfigureAwait(false);
        if (id != _l2ChainId)
        {
            throw new ChainException(
                ChainFailure.BadAnswer, $"The L2's node has chain id {id}, but it must be {_l2ChainId}.");
        }

        if (_followedRoot is not { } expected)
        {
            return;
        }

        OutputRoot output =
            await OutputRoot.ReadAsync(_l2, _followedFrom, cancellation).ConfigureAwait(false);
        if (output.Hash != expected)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The L2's node has output {output.Hash} after block {_followedFrom}, but {expected} is "
                    + "agreed: it follows another chain.");
        }
    }
}
