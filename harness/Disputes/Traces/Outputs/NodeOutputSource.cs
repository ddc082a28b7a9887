using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Outputs;

/// <summary>
/// Output roots proven by an L2 node, as far as L1 holds the L2's data. A node that is behind what L1 holds,
/// or follows another chain, is not believed: it throws. For one thread at a time.
/// </summary>
public sealed class NodeOutputSource : IOutputSource
{
    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly DerivedChain _derived;
    private readonly ulong _l2ChainId;
    private readonly ulong _followedFrom;
    private readonly Bytes32? _followedRoot;
    private Bytes32 _knownHead;
    private BlockHeader? _last;

    /// <summary>Asks two nodes, which stay the caller's.</summary>
    /// <param name="l1">The L1.</param>
    /// <param name="l2">The L2, with the state of the blocks in question.</param>
    /// <param name="rollup">Where on L1 the L2's data are.</param>
    /// <param name="followedFrom">An L2 block that is surely right, such as the game's first.</param>
    /// <param name="followedRoot">The output after it; null when the node's own is believed.</param>
    public NodeOutputSource(
        EthereumNode l1,
        EthereumNode l2,
        RollupConfig rollup,
        ulong followedFrom,
        Bytes32? followedRoot = null)
    {
        _l1 = l1;
        _l2 = l2;
        _derived = new DerivedChain(l1, rollup);
        _l2ChainId = rollup.L2ChainId;
        _followedFrom = followedFrom;
        _followedRoot = followedRoot;
    }

    /// <inheritdoc/>
    public async Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default)
    {
        OutputEvidence evidence = await EvidenceAtAsync(block, cancellation).ConfigureAwait(false);
        return evidence.Output.Hash;
    }

    /// <inheritdoc/>
    public async Task<OutputEvidence> EvidenceAtAsync(ulong block, CancellationToken cancellation = default)
    {
        BlockHeader header = (await _l2.GetBlockAsync(block, cancellation).ConfigureAwait(false)).Header;
        OutputRoot output = await OutputRoot.ReadAsync(_l2, header, cancellation).ConfigureAwait(false);
        return new OutputEvidence(output, header);
    }

    /// <inheritdoc/>
    public async Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default)
    {
        if (_last is null || _knownHead != l1Head)
        {
            BlockHeader from = await FindStartAsync(cancellation).ConfigureAwait(false);
            Block head = await _l1
                .GetBlockAsync(BlockReference.Hash(l1Head), cancellation)
                .ConfigureAwait(false);
            BlockHeader last = await _derived.FollowAsync(from, head, cancellation).ConfigureAwait(false);
            await RequireAsync(last, cancellation).ConfigureAwait(false);
            _last = last;
            _knownHead = l1Head;
        }

        return _last.Number;
    }

    private async Task<BlockHeader> FindStartAsync(CancellationToken cancellation)
    {
        ulong id = await _l2.GetChainIdAsync(cancellation).ConfigureAwait(false);
        if (id != _l2ChainId)
        {
            throw new ChainException(
                ChainFailure.BadAnswer, $"The L2's node has chain id {id}, but it must be {_l2ChainId}.");
        }

        Block from = await _l2.GetBlockAsync(_followedFrom, cancellation).ConfigureAwait(false);
        if (_followedRoot is { } expected)
        {
            OutputRoot output = await OutputRoot
                .ReadAsync(_l2, from.Header, cancellation)
                .ConfigureAwait(false);
            if (output.Hash != expected)
            {
                throw new ChainException(
                    ChainFailure.BadAnswer,
                    $"The L2's node has output {output.Hash} after block {_followedFrom}, but {expected} is "
                        + "agreed: it follows another chain.");
            }
        }

        return from.Header;
    }

    // A node that has the last block that L1 tells has all before it, too.
    private async Task RequireAsync(BlockHeader last, CancellationToken cancellation)
    {
        Block? own = await _l2.FindBlockAsync(last.Number, cancellation).ConfigureAwait(false);
        if (own?.Hash != last.Hash)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                own is null
                    ? $"L1 holds block {last.Number} of the L2, which the L2's node does not have yet."
                    : $"The L2's node has block {last.Number} as {own.Hash}, but L1 as {last.Hash}.");
        }
    }
}
