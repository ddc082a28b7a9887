using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rollup;

/// <summary>
/// The L2 as L1 tells it: which L2 blocks have their data on L1 up to a given L1 block. Follows the same
/// rules as the fault-proof program: the block after a block is the first header on L1 that names it as its
/// parent and has the next number. For one thread at a time.
/// </summary>
public sealed class DerivedChain
{
    private readonly EthereumNode _l1;
    private readonly RollupConfig _config;
    private readonly List<ScannedBlock> _scanned = [];

    /// <summary>Reads L1 through a node, which stays the caller's.</summary>
    public DerivedChain(EthereumNode l1, RollupConfig config)
    {
        _l1 = l1;
        _config = config;
    }

    /// <summary>
    /// The last L2 block that can be followed from an L2 block by the data up to and including an L1 block;
    /// that L2 block itself when there is none. Throws <see cref="ChainException"/> when L1's node does not
    /// answer as it should, or does not have the L1 block.
    /// </summary>
    public async Task<BlockHeader> FollowAsync(
        BlockHeader from, Block l1Head, CancellationToken cancellation = default)
    {
        await ScanAsync(l1Head, cancellation).ConfigureAwait(false);
        Dictionary<Bytes32, BlockHeader> children = [];
        foreach (BlockHeader header in _scanned
            .TakeWhile(block => block.Number <= l1Head.Number)
            .SelectMany(block => block.Headers))
        {
            children.TryAdd(header.ParentHash, header);
        }

        BlockHeader last = from;
        while (children.TryGetValue(last.Hash, out BlockHeader? next) && next.Number == last.Number + 1)
        {
            last = next;
        }

        return last;
    }

    private async Task ScanAsync(Block l1Head, CancellationToken cancellation)
    {
        // Walks back to a block that was scanned before: below it nothing can have changed.
        Stack<Block> missing = [];
        for (Block block = l1Head; block.Number > _config.L1StartNumber;)
        {
            if (FindScanned(block.Number) is { } known && known.Hash == block.Hash)
            {
                break;
            }

            missing.Push(block);
            block = await _l1
                .GetBlockAsync(BlockReference.Hash(block.Header.ParentHash), cancellation)
                .ConfigureAwait(false);
        }

        foreach (Block block in missing)
        {
            // Whatever was scanned from here on belongs to an abandoned branch.
            int place = (int)(block.Number - _config.L1StartNumber - 1);
            _scanned.RemoveRange(place, _scanned.Count - place);
            _scanned.Add(new ScannedBlock(
                block.Number, block.Hash, await ReadAsync(block, cancellation).ConfigureAwait(false)));
        }
    }

    private ScannedBlock? FindScanned(ulong number)
    {
        ulong place = number - _config.L1StartNumber - 1;
        return place < (ulong)_scanned.Count ? _scanned[(int)place] : null;
    }

    private async Task<BlockHeader[]> ReadAsync(Block block, CancellationToken cancellation)
    {
        if (block.TransactionHashes.Count == 0)
        {
            return [];
        }

        IReadOnlyList<byte[]> transactions =
            await RawTransactions.ReadAsync(_l1, block.Header, cancellation).ConfigureAwait(false);
        return [.. transactions.SelectMany(HeadersIn)];
    }

    private IReadOnlyList<BlockHeader> HeadersIn(byte[] encoded)
    {
        try
        {
            return Transaction.Decode(encoded) is SignedTransaction call
                && call.To == _config.BatchInbox
                && Batch.TryDecode(call.Data) is { } headers
                && call.RecoverSender() == _config.Batcher
                    ? headers
                    : [];
        }
        catch (ChainException)
        {
            // Of a kind that carries no batches.
            return [];
        }
    }

    private sealed record ScannedBlock(ulong Number, Bytes32 Hash, BlockHeader[] Headers);
}
