using Culverin.Harness.Disputes.Games;
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
    private readonly IReadOnlyList<RollupNode> _rollupNodes;
    private readonly ulong _l2ChainId;
    private readonly int _agreementCount;

    /// <summary>
    /// Takes nodes, which stay the caller's: each of one kind is asked with one of the others. Throws <see
    /// cref="CulverinException"/> when fewer are there than must agree.
    /// </summary>
    /// <param name="l1">Nodes of L1.</param>
    /// <param name="l2">Nodes of L2, with the states of the blocks in question.</param>
    /// <param name="rollupNodes">Nodes that derive the L2 and execute it; may be those of L2.</param>
    /// <param name="l2ChainId">The L2's chain id.</param>
    /// <param name="agreementCount">How many pairs must tell the same, while none contradicts.</param>
    public OutputNodes(
        IReadOnlyList<EthereumNode> l1,
        IReadOnlyList<EthereumNode> l2,
        IReadOnlyList<RollupNode> rollupNodes,
        ulong l2ChainId,
        int agreementCount)
    {
        _l1 = l1;
        _l2 = l2;
        _rollupNodes = rollupNodes;
        _l2ChainId = l2ChainId;
        _agreementCount = agreementCount;
        if (l1.Count == 0
            || l2.Count == 0
            || rollupNodes.Count == 0
            || agreementCount < 1
            || agreementCount > PairCount)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"{agreementCount} of {l1.Count} nodes of L1, {l2.Count} of L2 and "
                    + $"{rollupNodes.Count} that derive it cannot agree.");
        }
    }

    private int PairCount => Math.Max(Math.Max(_l1.Count, _l2.Count), _rollupNodes.Count);

    /// <summary>The source of a game's output roots, for one thread at a time.</summary>
    public IOutputSource SourceOf(Game game)
    {
        IOutputSource[] sources =
        [
            .. Enumerable.Range(0, PairCount).Select(index => SourceOf(game, index)),
        ];
        return sources.Length == 1 ? sources[0] : new AgreeingOutputs(sources, _agreementCount);
    }

    private VerifierOutputSource SourceOf(Game game, int index) => new(
        _l1[index % _l1.Count],
        _l2[index % _l2.Count],
        _rollupNodes[index % _rollupNodes.Count],
        _l2ChainId,
        game.StartingBlock,
        game.StartingRoot);
}
