using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rollup;

/// <summary>A user's transaction that waited in the pool.</summary>
internal sealed record PooledTransaction(Address From, ulong Nonce, byte[] Encoded);

/// <summary>
/// The transactions that wait in a local node. The node orders them as they came, so those that must be first
/// in a block have to find the pool empty.
/// </summary>
internal sealed class TransactionPool
{
    private readonly EthereumNode _node;

    public TransactionPool(EthereumNode node)
    {
        _node = node;
    }

    /// <summary>Whether any transaction can go into the next block.</summary>
    public async Task<bool> HasTransactionsAsync(CancellationToken cancellation)
    {
        JsonRpcRequest request = JsonRpcRequest.Create("txpool_status");
        JsonElement status = await _node.Rpc.CallAsync(request, cancellation).ConfigureAwait(false);
        return new JsonObject(status, "pool status").Quantity("pending") > 0;
    }

    /// <summary>
    /// Takes users' transactions out, and drops deposits, until there are none; those that come later stay.
    /// Throws <see cref="ChainException"/>.
    /// </summary>
    public async Task<IReadOnlyList<PooledTransaction>> TakeAsync(CancellationToken cancellation)
    {
        List<PooledTransaction> taken = [];
        while (true)
        {
            JsonRpcRequest request = JsonRpcRequest.Create("txpool_content");
            JsonElement content = await _node.Rpc.CallAsync(request, cancellation).ConfigureAwait(false);
            JsonObject pool = new(content, "pool");
            JsonObject[] all = [.. In(pool.Get("pending")), .. In(pool.Get("queued"))];
            if (all.Length == 0)
            {
                return taken;
            }

            IReadOnlyList<JsonElement> encoded = await AskAllAsync(
                "eth_getRawTransactionByHash", all.Where(each => !IsDeposit(each)), cancellation)
                .ConfigureAwait(false);
            taken.AddRange(encoded.Select(element => Read(Hex.Read(element))));

            // One by one: to drop all would lose what came since they were listed.
            _ = await AskAllAsync("anvil_dropTransaction", all, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Puts transactions back. One that a deposit of the same sender has made impossible in the meantime is
    /// dropped, as any L2 would.
    /// </summary>
    public async Task ReturnAsync(
        IEnumerable<PooledTransaction> transactions, CancellationToken cancellation)
    {
        foreach (PooledTransaction each in transactions.OrderBy(each => each.Nonce))
        {
            try
            {
                _ = await _node.SubmitRawAsync(each.Encoded, cancellation).ConfigureAwait(false);
            }
            catch (JsonRpcException error)
                when (error.Refusal is TransactionRefusal.NonceTooLow or TransactionRefusal.Underpriced)
            {
                // Its number is, or is about to be, a deposit's.
            }
        }
    }

    private async Task<IReadOnlyList<JsonElement>> AskAllAsync(
        string method, IEnumerable<JsonObject> transactions, CancellationToken cancellation)
    {
        IReadOnlyList<JsonRpcAnswer> answers = await _node.Rpc.BatchAsync(
            [.. transactions.Select(each => JsonRpcRequest.Create(method, each.Word("hash").ToString()))],
            cancellation).ConfigureAwait(false);
        return [.. answers.Select(answer => answer.Require())];
    }

    private static PooledTransaction Read(byte[] encoded)
    {
        SignedTransaction transaction = Transaction.Decode(encoded) as SignedTransaction
            ?? throw new ChainException(
                ChainFailure.BadAnswer, "A transaction that nobody signed waits in the L2 node's pool.");
        return new PooledTransaction(transaction.RecoverSender(), transaction.Nonce, encoded);
    }

    private static bool IsDeposit(JsonObject transaction) =>
        transaction.Has("type") && transaction.Quantity("type") == (ulong)TransactionType.Deposit;

    // By sender and number, each with its description.
    private static IEnumerable<JsonObject> In(JsonElement senders) =>
        senders.ValueKind == JsonValueKind.Object
            ? senders.EnumerateObject()
                .Where(sender => sender.Value.ValueKind == JsonValueKind.Object)
                .SelectMany(sender => sender.Value.EnumerateObject())
                .Select(each => new JsonObject(each.Value, "transaction"))
            : [];
}
