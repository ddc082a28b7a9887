using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;

namespace Culverin.Harness.Disputes.Traces.Outputs;

/// <summary>
/// Nodes of both chains that together tell what output roots are right. May be used from several threads at
/// once.
/// </summary>
public sealed class OutputNodes
{
    private readonly IReadOnlyList<EthereumNode> _l1;
    private readonly IReadOnlyList<EthereumNode> _l2;
    private readonly RollupConfig _rollup;
    private readonly int _agreementCount;
    private readonly IReadOnlyList<RollupNode>? _rollupNodes;

    /// <summary>
    /// Takes nodes, which stay the caller's: each of the one chain asks with one of the other. Throws <see
    /// cref="CulverinException"/> when fewer are there than must agree.
    /// </summary>
    /// <param name="l1">Nodes of L1.</param>
    /// <param name="l2">Nodes of L2, with the states of the blocks in question.</param>
    /// <param name="rollup">The L2.</param>
    /// <param name="agreementCount">How many pairs must tell the same, while none contradicts.</param>
    /// <param name="rollupNodes">
    /// Nodes that derive the L2 and execute it, each asked with one of the others; null where the batcher's
    /// headers are believed.
    /// </param>
    public OutputNodes(
        IReadOnlyList<EthereumNode> l1,
        IReadOnlyList<EthereumNode> l2,
        RollupConfig rollup,
        int agreementCount,
        IReadOnlyList<RollupNode>? rollupNodes = null)
    {
        _l1 = l1;
        _l2 = l2;
        _rollup = rollup;
        _agreementCount = agreementCount;
        _rollupNodes = rollupNodes;
        if (l1.Count == 0
            || l2.Count == 0
            || rollupNodes?.Count == 0
            || agreementCount < 1
            || agreementCount > PairCount)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"{agreementCount} of {l1.Count} nodes of L1 and {l2.Count} of L2 cannot agree.");
        }
    }

    private int PairCount =>
        Math.Max(Math.Max(_l1.Count, _l2.Count), _rollupNodes?.Count ?? 0);

    /// <summary>The source of a game's output roots, for one thread at a time.</summary>
    public IOutputSource SourceOf(Game game)
    {
        IOutputSource[] sources =
        [
            .. Enumerable.Range(0, PairCount).Select(index => SourceOf(game, index)),
        ];
        return sources.Length == 1 ? sources[0] : new AgreeingOutputs(sources, _agreementCount);
    }

    private IOutputSource SourceOf(Game game, int index)
    {
        EthereumNode l1 = _l1[index % _l1.Count];
        EthereumNode l2 = _l2[index % _l2.Count];
        return _rollupNodes is null
            ? new NodeOutputSource(l1, l2, _rollup, game.StartingBlock, game.StartingRoot)
            : new VerifierOutputSource(
                l1,
                l2,
                _rollupNodes[index % _rollupNodes.Count],
                _rollup.L2ChainId,
                game.StartingBlock,
                game.StartingRoot);
    }
}
