using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>
/// Posts L2 blocks to the batch inbox on L1. What is posted it learns from L1 itself, so it can be stopped
/// at any time and started again. For one thread at a time.
/// </summary>
public sealed class Batcher
{
    /// <summary>
    /// Most bytes of a batch: a step that reads the transaction must fit into one upload on chain.
    /// </summary>
    public const int BatchBytesMax = 60_000;

    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly TransactionSender _sender;
    private readonly RollupConfig _config;
    private readonly DerivedChain _derived;

    /// <summary>
    /// Uses nodes and sender, which stay the caller's; the sender is the batcher's account.
    /// </summary>
    public Batcher(EthereumNode l1, EthereumNode l2, TransactionSender sender, RollupConfig config)
    {
        if (sender.Address != config.Batcher)
        {
            throw new ArgumentException("The sender is not the batcher's account.", nameof(sender));
        }

        _l1 = l1;
        _l2 = l2;
        _sender = sender;
        _config = config;
        _derived = new DerivedChain(l1, config);
    }

    /// <summary>
    /// Posts every L2 block that is not on L1 yet, up to a number or the newest, in as few transactions as
    /// the size allows; returns how many. Throws <see cref="ChainException"/>, also when L1 holds other L2
    /// blocks than the L2 node.
    /// </summary>
    public async Task<int> PostAsync(ulong? throughNumber = null, CancellationToken cancellation = default)
    {
        Block l1Head = await _l1.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        Block first = await _l2.GetBlockAsync(BlockReference.Earliest, cancellation).ConfigureAwait(false);
        BlockHeader posted = await _derived
            .FollowAsync(first.Header, l1Head, cancellation)
            .ConfigureAwait(false);
        ulong last = throughNumber ?? await _l2.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
        List<BlockHeader> batch = [];
        int batchBytes = 0;
        int count = 0;
        Bytes32 parent = posted.Hash;
        for (ulong number = posted.Number + 1; number <= last; number++)
        {
            Block block = await _l2.GetBlockAsync(number, cancellation).ConfigureAwait(false);
            if (block.Header.ParentHash != parent)
            {
                throw new ChainException(
                    ChainFailure.BadAnswer,
                    $"L1 holds another L2 block {number - 1} than the L2 node has.");
            }

            int blockBytes = block.Header.Encode().Length;
            if (batchBytes + blockBytes > BatchBytesMax)
            {
                await SendAsync(batch, cancellation).ConfigureAwait(false);
                count++;
                batch.Clear();
                batchBytes = 0;
            }

            batch.Add(block.Header);
            batchBytes += blockBytes;
            parent = block.Hash;
        }

        if (batch.Count > 0)
        {
            await SendAsync(batch, cancellation).ConfigureAwait(false);
            count++;
        }

        return count;
    }

    private async Task SendAsync(List<BlockHeader> headers, CancellationToken cancellation)
    {
        CallRequest call = new()
        {
            From = _sender.Address,
            To = _config.BatchInbox,
            Data = Batch.Encode(headers),
        };
        _ = await _sender.SendAsync(call, cancellation).ConfigureAwait(false);
    }
}
