using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>
/// Reads L1's newest block, and notices when the node is another chain's, or tells an older block than
/// before. For one thread at a time.
/// </summary>
/// <param name="nodes">The nodes of L1, of which the first tells the newest block.</param>
/// <param name="chainId">The chain id that all must have; null for that of the first.</param>
/// <param name="patience">How often in a row an older block is not believed.</param>
internal sealed class HeadWatch(IReadOnlyList<EthereumNode> nodes, ulong? chainId, int patience)
{
    private ulong? _chainId = chainId;
    private bool _isChecked;
    private ulong _highest;
    private int _olderCount;

    /// <summary>
    /// The newest block; throws <see cref="ChainException"/> when there is none to rely on.
    /// </summary>
    internal async Task<Block> ReadAsync(CancellationToken cancellation)
    {
        if (!_isChecked)
        {
            await CheckChainAsync(cancellation).ConfigureAwait(false);
            _isChecked = true;
        }

        Block head = await nodes[0].GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        if (head.Number < _highest && _olderCount < patience)
        {
            _olderCount++;
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"L1's newest block is {head.Number}, but it was {_highest} before: the node is behind, or "
                    + $"L1 was reorganised. Nothing is sent now ({_olderCount} of {patience} times).");
        }

        _olderCount = 0;
        _highest = head.Number;
        return head;
    }

    private async Task CheckChainAsync(CancellationToken cancellation)
    {
        for (int index = 0; index < nodes.Count; index++)
        {
            ulong id = await nodes[index].GetChainIdAsync(cancellation).ConfigureAwait(false);
            _chainId ??= id;
            if (id != _chainId)
            {
                throw new ChainException(
                    ChainFailure.BadAnswer,
                    $"Node {index + 1} of L1 has chain id {id}, but it must be {_chainId}. Nothing is sent.");
            }
        }
    }
}
