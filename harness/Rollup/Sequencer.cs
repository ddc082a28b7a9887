using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rollup;

/// <summary>
/// Makes the blocks of an L2 on a local node: in each the L1 attributes, then deposits, then what users sent
/// to the node. The node's own mining is switched off. May be used from several threads at once.
/// </summary>
/// <remarks>
/// Differences from a production sequencer: an L2 block may skip L1 blocks and then takes the deposits of
/// all of them; since the node's pool holds one deposit of each sender, further ones go into the following
/// L2 blocks, in their order; when L1's clock jumps, L2's clock follows in one block. A user's transaction
/// that comes in the very moment when a block begins can get before the attributes; for whoever looks for
/// these at the start only, that block belongs to its parent's origin. An L1 that loses the origin of the
/// newest L2 block is not followed.
/// </remarks>
public sealed class Sequencer : IDisposable
{
    private const int FillAttemptCountMax = 10;

    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly RollupConfig _config;
    private readonly TransactionPool _pool;
    private readonly SemaphoreSlim _making = new(1);
    private readonly List<DepositTransaction> _deposits = [];
    private BlockHeader _origin;
    private ulong _sequenceNumber;

    private Sequencer(EthereumNode l1, EthereumNode l2, RollupConfig config, BlockHeader origin)
    {
        _l1 = l1;
        _l2 = l2;
        _config = config;
        _pool = new TransactionPool(l2);
        _origin = origin;
    }

    /// <summary>The L1 block that the newest L2 block belongs to.</summary>
    public BlockHeader Origin => _origin;

    /// <summary>How many deposits wait for one of the next L2 blocks.</summary>
    public int WaitingDepositCount => _deposits.Count;

    /// <summary>
    /// Takes over an L2, new or where another sequencer stopped. The nodes stay the caller's.
    /// </summary>
    public static async Task<Sequencer> StartAsync(
        EthereumNode l1, EthereumNode l2, RollupConfig config, CancellationToken cancellation = default)
    {
        JsonRpcRequest still = new("evm_setAutomine", writer => writer.WriteBooleanValue(false));
        _ = await l2.Rpc.CallAsync(still, cancellation).ConfigureAwait(false);
        L1Attributes? last = await FindAttributesAsync(l2, cancellation).ConfigureAwait(false);
        Block origin = await l1
            .GetBlockAsync(last?.OriginNumber ?? config.L1StartNumber, cancellation)
            .ConfigureAwait(false);
        Sequencer sequencer = new(l1, l2, config, origin.Header)
        {
            _sequenceNumber = last is null ? 0 : last.SequenceNumber + 1,
        };
        if (last is not null)
        {
            RequireOrigin(last.OriginHash, origin);
            await sequencer.FindWaitingDepositsAsync(cancellation).ConfigureAwait(false);
        }

        return sequencer;
    }

    /// <summary>
    /// Makes one L2 block and returns it. Throws <see cref="ChainException"/> when a node does not do as it
    /// should, or L1 no longer has the origin of the newest L2 block.
    /// </summary>
    public async Task<Block> ProduceAsync(CancellationToken cancellation = default)
    {
        await _making.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await AdvanceOriginAsync(cancellation).ConfigureAwait(false);
            return await MakeBlockAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _making.Release();
        }
    }

    /// <summary>Makes L2 blocks until one has this number, and returns the newest.</summary>
    public async Task<Block> ProduceUntilAsync(ulong number, CancellationToken cancellation = default)
    {
        Block block = await _l2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        while (block.Number < number)
        {
            block = await ProduceAsync(cancellation).ConfigureAwait(false);
        }

        return block;
    }

    /// <summary>
    /// Makes an L2 block whenever users or L1 give a reason, looking again after each pause, until it is
    /// cancelled.
    /// </summary>
    public async Task RunAsync(TimeSpan pause, CancellationToken cancellation)
    {
        while (true)
        {
            ulong l1Number = await _l1.GetBlockNumberAsync(cancellation).ConfigureAwait(false);
            if (l1Number > _origin.Number
                || _deposits.Count > 0
                || await _pool.HasTransactionsAsync(cancellation).ConfigureAwait(false))
            {
                _ = await ProduceAsync(cancellation).ConfigureAwait(false);
            }
            else
            {
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Frees the lock that orders blocks; the nodes stay open.</summary>
    public void Dispose() => _making.Dispose();

    private async Task AdvanceOriginAsync(CancellationToken cancellation)
    {
        Block same = await _l1.GetBlockAsync(_origin.Number, cancellation).ConfigureAwait(false);
        RequireOrigin(_origin.Hash, same);
        Block head = await _l1.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        if (head.Number <= _origin.Number)
        {
            return;
        }

        IReadOnlyList<DepositTransaction> deposits = await DepositDerivation
            .ReadAsync(_l1, _config.Portal, _origin.Number + 1, head.Number, cancellation)
            .ConfigureAwait(false);
        _deposits.AddRange(deposits);
        _origin = head.Header;
        _sequenceNumber = 0;
    }

    private async Task<Block> MakeBlockAsync(CancellationToken cancellation)
    {
        Block parent = await _l2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        DepositTransaction attributes = L1Attributes.Deposit(_origin, _sequenceNumber, _config.Batcher);
        await FillPoolAsync([attributes, .. NextDeposits()], cancellation).ConfigureAwait(false);
        ulong time = Math.Max(parent.Timestamp + _config.BlockSeconds, _origin.Timestamp);
        JsonRpcRequest setTime = JsonRpcRequest.Create(
            "evm_setNextBlockTimestamp", Hex.FormatQuantity(time));
        _ = await _l2.Rpc.CallAsync(setTime, cancellation).ConfigureAwait(false);
        JsonRpcRequest mine = JsonRpcRequest.Create("evm_mine");
        _ = await _l2.Rpc.CallAsync(mine, cancellation).ConfigureAwait(false);
        Block block = await _l2.GetBlockAsync(parent.Number + 1, cancellation).ConfigureAwait(false);
        if (!block.TransactionHashes.Contains(attributes.Hash))
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The L2 node did not take the L1 attributes into block {block.Number}.");
        }

        // One that a user's transaction has just displaced waits for the next block.
        _sequenceNumber++;
        _ = _deposits.RemoveAll(deposit => block.TransactionHashes.Contains(deposit.Hash));
        return block;
    }

    private async Task FillPoolAsync(
        List<DepositTransaction> deposits, CancellationToken cancellation)
    {
        List<PooledTransaction> users = [];
        for (int attempt = 1; ; attempt++)
        {
            users.AddRange(await _pool.TakeAsync(cancellation).ConfigureAwait(false));
            try
            {
                foreach (DepositTransaction deposit in deposits)
                {
                    _ = await _l2.SubmitRawAsync(deposit.Encode(), cancellation).ConfigureAwait(false);
                }

                break;
            }
            catch (JsonRpcException error)
                when (error.Refusal == TransactionRefusal.Underpriced && attempt < FillAttemptCountMax)
            {
                // A user's transaction has come in the meantime, and has a deposit's place.
            }
        }

        // The node files a deposit as its sender's transaction number 0, which the sender's own would
        // replace. That one is void anyway: the deposit uses up its number.
        HashSet<Address> depositors = [.. deposits.Select(deposit => deposit.From)];
        await _pool.ReturnAsync(
            users.Where(each => each.Nonce > 0 || !depositors.Contains(each.From)), cancellation)
            .ConfigureAwait(false);
    }

    private IEnumerable<DepositTransaction> NextDeposits()
    {
        HashSet<Address> senders = [];
        return _deposits.TakeWhile(deposit => senders.Add(deposit.From));
    }

    // After a restart: the deposits of blocks that were L1's before, and did not all find room.
    private async Task FindWaitingDepositsAsync(CancellationToken cancellation)
    {
        IReadOnlyList<DepositTransaction> all = await DepositDerivation
            .ReadAsync(_l1, _config.Portal, _config.L1StartNumber + 1, _origin.Number, cancellation)
            .ConfigureAwait(false);
        foreach (DepositTransaction deposit in all)
        {
            if (await _l2.FindReceiptAsync(deposit.Hash, cancellation).ConfigureAwait(false) is null)
            {
                _deposits.Add(deposit);
            }
        }
    }

    private static async Task<L1Attributes?> FindAttributesAsync(
        EthereumNode l2, CancellationToken cancellation)
    {
        Block block = await l2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        while (true)
        {
            IReadOnlyList<byte[]> transactions =
                await RawTransactions.ReadAsync(l2, block.Header, cancellation).ConfigureAwait(false);
            L1Attributes? attributes = transactions
                .Select(encoded => L1Attributes.TryRead(Transaction.Decode(encoded)))
                .FirstOrDefault(found => found is not null);
            if (attributes is not null)
            {
                return attributes;
            }

            if (block.Number == 0)
            {
                return null;
            }

            block = await l2.GetBlockAsync(block.Number - 1, cancellation).ConfigureAwait(false);
        }
    }

    private static void RequireOrigin(Bytes32 expected, Block found)
    {
        if (found.Hash != expected)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"L1 has lost block {expected} (number {found.Number}), the origin of the newest L2 block.");
        }
    }
}
