using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Disputes;

/// <summary>
/// Output roots proven by an L2 node, as far as L1 holds the L2's data. For one thread at a time.
/// </summary>
public sealed class NodeOutputSource : IOutputSource
{
    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly DerivedChain _derived;
    private readonly ulong _followedFrom;
    private Bytes32 _knownHead;
    private BlockHeader? _last;

    /// <summary>Asks two nodes, which stay the caller's.</summary>
    /// <param name="l1">The L1.</param>
    /// <param name="l2">The L2, with the state of the blocks in question.</param>
    /// <param name="rollup">Where on L1 the L2's data are.</param>
    /// <param name="followedFrom">An L2 block that is surely right, such as the game's first.</param>
    public NodeOutputSource(EthereumNode l1, EthereumNode l2, RollupConfig rollup, ulong followedFrom)
    {
        _l1 = l1;
        _l2 = l2;
        _derived = new DerivedChain(l1, rollup);
        _followedFrom = followedFrom;
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
        if (_last is { } last && last.Number == block && last.Hash != header.Hash)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The L2's node has block {block} as {header.Hash}, but L1 as {last.Hash}.");
        }

        OutputRoot output = await OutputRoot.ReadAsync(_l2, header, cancellation).ConfigureAwait(false);
        return new OutputEvidence(output, header);
    }

    /// <inheritdoc/>
    public async Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default)
    {
        if (_last is null || _knownHead != l1Head)
        {
            Block from = await _l2.GetBlockAsync(_followedFrom, cancellation).ConfigureAwait(false);
            Block head = await _l1
                .GetBlockAsync(BlockReference.Hash(l1Head), cancellation)
                .ConfigureAwait(false);
            _last = await _derived.FollowAsync(from.Header, head, cancellation).ConfigureAwait(false);
            _knownHead = l1Head;
        }

        return _last.Number;
    }
}
