using System;
using System.Collections.Generic;
using System.Linq;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Disputes;

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

    /// <summary>
    /// Takes nodes, which stay the caller's: each of the one chain asks with one of the other. Throws <see
    /// cref="CulverinException"/> when fewer are there than must agree.
    /// </summary>
    /// <param name="l1">Nodes of L1.</param>
    /// <param name="l2">Nodes of L2, with the states of the blocks in question.</param>
    /// <param name="rollup">The L2.</param>
    /// <param name="agreementCount">How many pairs must tell the same, while none contradicts.</param>
    public OutputNodes(
        IReadOnlyList<EthereumNode> l1,
        IReadOnlyList<EthereumNode> l2,
        RollupConfig rollup,
        int agreementCount)
    {
        _l1 = l1;
        _l2 = l2;
        _rollup = rollup;
        _agreementCount = agreementCount;
        if (l1.Count == 0 || l2.Count == 0 || agreementCount < 1 || agreementCount > PairCount)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"{agreementCount} of {l1.Count} nodes of L1 and {l2.Count} of L2 cannot agree.");
        }
    }

    private int PairCount => Math.Max(_l1.Count, _l2.Count);

    /// <summary>The source of a game's output roots, for one thread at a time.</summary>
    public IOutputSource SourceOf(Game game)
    {
        IOutputSource[] sources =
        [
            .. Enumerable.Range(0, PairCount).Select(index => new NodeOutputSource(
                _l1[index % _l1.Count],
                _l2[index % _l2.Count],
                _rollup,
                game.StartingBlock,
                game.StartingRoot)),
        ];
        return sources.Length == 1 ? sources[0] : new AgreeingOutputs(sources, _agreementCount);
    }
}
