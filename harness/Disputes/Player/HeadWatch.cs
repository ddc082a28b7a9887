using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>
/// Reads the newest L1 block that enough nodes have, and notices when a node is another chain's, or an older
/// block is told than before. For one thread at a time.
/// </summary>
/// <param name="nodes">The nodes of L1; the first tells the block.</param>
/// <param name="agreementCount">How many must have the block, the first included.</param>
/// <param name="chainId">The chain id that all must have; null for that of the first.</param>
/// <param name="patience">How often in a row an older block is not believed.</param>
internal sealed class HeadWatch(
    IReadOnlyList<EthereumNode> nodes, int agreementCount, ulong? chainId, int patience)
{
    private readonly bool[] _isChecked = new bool[nodes.Count];
    private ulong? _chainId = chainId;
    private ulong _highest;
    private int _olderCount;

    /// <summary>
    /// The newest block; throws <see cref="ChainException"/> when there is none to rely on.
    /// </summary>
    internal async Task<Block> ReadAsync(CancellationToken cancellation)
    {
        await CheckChainsAsync(cancellation).ConfigureAwait(false);
        Block head = await FindHeadAsync(cancellation).ConfigureAwait(false);
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

    // A node that is a little behind must not stop the play: it is asked about the newest block it has.
    private async Task<Block> FindHeadAsync(CancellationToken cancellation)
    {
        Block head = await nodes[0].GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        if (agreementCount == 1)
        {
            return head;
        }

        ulong?[] others = await Task
            .WhenAll(nodes.Skip(1).Select(node => FindNumberAsync(node, cancellation)))
            .ConfigureAwait(false);
        ulong[] known = [.. others.OfType<ulong>().OrderDescending()];
        if (known.Length + 1 < agreementCount)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"Only {known.Length + 1} of {nodes.Count} nodes of L1 answer, and {agreementCount} must.");
        }

        ulong common = known[agreementCount - 2];
        return common >= head.Number
            ? head
            : await nodes[0].GetBlockAsync(common, cancellation).ConfigureAwait(false);
    }

    private static async Task<ulong?> FindNumberAsync(EthereumNode node, CancellationToken cancellation)
    {
        try
        {
            return (await node.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false))
                .Number;
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            return null;
        }
    }

    private async Task CheckChainsAsync(CancellationToken cancellation)
    {
        for (int index = 0; index < nodes.Count; index++)
        {
            if (_isChecked[index])
            {
                continue;
            }

            ulong id;
            try
            {
                id = await nodes[index].GetChainIdAsync(cancellation).ConfigureAwait(false);
            }
            catch (CulverinException error) when (index > 0 && error.Code != ErrorCode.Cancelled)
            {
                // Whether the others suffice is seen later.
                continue;
            }

            _chainId ??= id;
            _isChecked[index] = id == _chainId
                ? true
                : throw new ChainException(
                    ChainFailure.BadAnswer,
                    $"Node {index + 1} of L1 has chain id {id}, but it must be {_chainId}. Nothing is sent.");
        }
    }
}
