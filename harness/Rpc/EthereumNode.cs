using System.Diagnostics;
using System.Text.Json;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Nethereum.Web3;

namespace Culverin.Harness.Rpc;

/// <summary>
/// The Ethereum methods that the harness needs, typed, over one JSON-RPC client. Transactions are signed by
/// the node with accounts it holds. May be used from several threads at once.
/// </summary>
public sealed partial class EthereumNode : IDisposable
{
    // Geth's and its followers' code for "the call reverted, and its data is here".
    private const long RevertedCode = 3;

    private readonly TimeSpan _receiptDeadline;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TimeSpan _receiptPoll = TimeSpan.FromMilliseconds(20);

    /// <summary>Uses <paramref name="rpc"/>, which stays the caller's to dispose.</summary>
    public EthereumNode(JsonRpcClient rpc, TimeSpan? receiptDeadline = null)
    {
        Rpc = rpc;
        Web3 = new Web3(new NethereumClient(rpc));
        _receiptDeadline = receiptDeadline ?? TimeSpan.FromSeconds(60);
    }

    /// <summary>The client below, for methods that are not here.</summary>
    public JsonRpcClient Rpc { get; }

    /// <summary>
    /// The same node through Nethereum's services, over the same strict client. Calls of contracts belong to
    /// Contracts, which read at one block and believe canonical answers only; transactions belong to
    /// <c>TransactionSender</c>, since Nethereum's own way waits for ever.
    /// </summary>
    public Web3 Web3 { get; }

    /// <summary>The chain's id.</summary>
    public async Task<ulong> GetChainIdAsync(CancellationToken cancellation = default)
    {
        JsonRpcRequest request = JsonRpcRequest.Create("eth_chainId");
        return Hex.ReadQuantity(await Rpc.CallAsync(request, cancellation).ConfigureAwait(false));
    }

    /// <summary>The accounts that the node holds the keys of.</summary>
    public async Task<IReadOnlyList<Address>> GetAccountsAsync(CancellationToken cancellation = default)
    {
        JsonRpcRequest request = JsonRpcRequest.Create("eth_accounts");
        JsonElement list = await Rpc.CallAsync(request, cancellation).ConfigureAwait(false);
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(account => new Address(Hex.Read(account)))]
            : throw new ChainException(ChainFailure.BadAnswer, "eth_accounts was not answered by an array.");
    }

    /// <summary>Calls without a transaction, at the newest block.</summary>
    public Task<CallOutcome> CallAsync(CallRequest call, CancellationToken cancellation = default) =>
        CallAsync(call, BlockReference.Latest, cancellation);

    /// <summary>Calls without a transaction, after <paramref name="block"/>.</summary>
    public async Task<CallOutcome> CallAsync(
        CallRequest call, BlockReference block, CancellationToken cancellation = default) =>
        (await CallManyAsync([call], block, cancellation).ConfigureAwait(false))[0];

    /// <summary>
    /// Asks a precompiled contract at the newest block, as itself. Its failure is a revert without data:
    /// nodes word that in their own ways; whatever is none of them is the node's failure and thrown.
    /// </summary>
    internal async Task<CallOutcome> CallPrecompileAsync(
        Address contract, ReadOnlyMemory<byte> input, ulong gasLimit, CancellationToken cancellation)
    {
        CallRequest call = new() { From = contract, To = contract, Data = input, GasLimit = gasLimit };
        try
        {
            return await CallAsync(call, cancellation).ConfigureAwait(false);
        }
        catch (JsonRpcException error) when (
            error.Error.Message.Contains("precompile", StringComparison.OrdinalIgnoreCase)
            || error.Error.Message.Contains("invalid input", StringComparison.OrdinalIgnoreCase))
        {
            return new CallOutcome(IsReverted: true, ReadOnlyMemory<byte>.Empty);
        }
    }

    /// <summary>
    /// Makes many calls without transactions, at the newest block, in few HTTP requests. A revert is an
    /// outcome; any other refusal by the node throws <see cref="JsonRpcException"/>.
    /// </summary>
    public Task<IReadOnlyList<CallOutcome>> CallManyAsync(
        IReadOnlyList<CallRequest> calls, CancellationToken cancellation = default) =>
        CallManyAsync(calls, BlockReference.Latest, cancellation);

    /// <summary>The same after <paramref name="block"/>.</summary>
    public async Task<IReadOnlyList<CallOutcome>> CallManyAsync(
        IReadOnlyList<CallRequest> calls, BlockReference block, CancellationToken cancellation = default)
    {
        JsonRpcRequest[] requests = [.. calls.Select(call => new JsonRpcRequest("eth_call", writer =>
        {
            call.Write(writer);
            block.Write(writer);
        }))];
        IReadOnlyList<JsonRpcAnswer> answers =
            await Rpc.BatchAsync(requests, cancellation).ConfigureAwait(false);
        return [.. answers.Select(OutcomeOf)];
    }

    /// <summary>
    /// Calls without a transaction as if the caller owned what it sends. Throws <see
    /// cref="JsonRpcException"/> when the node cannot do so, else as other calls do.
    /// </summary>
    public async Task<CallOutcome> CallFundedAsync(
        CallRequest call, BlockReference block, CancellationToken cancellation = default)
    {
        JsonRpcRequest request = new("eth_call", writer =>
        {
            call.Write(writer);
            block.Write(writer);
            writer.WriteStartObject();
            writer.WriteStartObject(call.From.ToString());
            writer.WriteString("balance", Hex.FormatQuantity(call.Value));
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        IReadOnlyList<JsonRpcAnswer> answers =
            await Rpc.BatchAsync([request], cancellation).ConfigureAwait(false);
        return OutcomeOf(answers[0]);
    }

    /// <summary>
    /// Sends one transaction and waits for its receipt, which may say that the transaction failed. A node
    /// that refuses it, or has no receipt before the deadline, throws <see cref="ChainException"/>.
    /// </summary>
    public async Task<TransactionReceipt> SendAsync(
        CallRequest call, CancellationToken cancellation = default)
    {
        IReadOnlyList<Bytes32> hashes = await SubmitManyAsync([call], cancellation).ConfigureAwait(false);
        return (await WaitForReceiptsAsync(hashes, cancellation).ConfigureAwait(false))[0];
    }

    /// <summary>
    /// Hands transactions to the node, numbered in the order given, and returns their hashes. Throws <see
    /// cref="JsonRpcException"/> when the node refuses one. A local node that mines each at once can lose
    /// some of many: Anvil.SendInOneBlockAsync is for those.
    /// </summary>
    public async Task<IReadOnlyList<Bytes32>> SubmitManyAsync(
        IReadOnlyList<CallRequest> calls, CancellationToken cancellation = default)
    {
        await _sending.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            CallRequest[] numbered = await NumberAsync(calls, cancellation).ConfigureAwait(false);
            JsonRpcRequest[] requests =
                [.. numbered.Select(call => new JsonRpcRequest("eth_sendTransaction", call.Write))];
            IReadOnlyList<JsonRpcAnswer> answers =
                await Rpc.BatchAsync(requests, cancellation).ConfigureAwait(false);
            return [.. answers.Select(answer => new Bytes32(Hex.Read(answer.Require())))];
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>
    /// Waits until all transactions are in blocks and returns their receipts in the order given; throws
    /// <see cref="ChainException"/> when the deadline passes first.
    /// </summary>
    public async Task<IReadOnlyList<TransactionReceipt>> WaitForReceiptsAsync(
        IReadOnlyList<Bytes32> hashes, CancellationToken cancellation = default)
    {
        TransactionReceipt?[] receipts = new TransactionReceipt?[hashes.Count];
        Stopwatch watch = Stopwatch.StartNew();
        while (true)
        {
            int[] missing = [.. Enumerable.Range(0, hashes.Count).Where(index => receipts[index] is null)];
            if (missing.Length == 0)
            {
                return receipts!;
            }

            JsonRpcRequest[] requests = [.. missing.Select(index =>
                JsonRpcRequest.Create("eth_getTransactionReceipt", hashes[index].ToString()))];
            IReadOnlyList<JsonRpcAnswer> answers =
                await Rpc.BatchAsync(requests, cancellation).ConfigureAwait(false);
            for (int place = 0; place < missing.Length; place++)
            {
                JsonElement result = answers[place].Require();
                if (result.ValueKind != JsonValueKind.Null)
                {
                    receipts[missing[place]] = TransactionReceipt.Read(result);
                }
            }

            if (receipts.Any(receipt => receipt is null))
            {
                if (watch.Elapsed > _receiptDeadline)
                {
                    throw new ChainException(
                        ChainFailure.Deadline,
                        $"A transaction had no receipt after {_receiptDeadline.TotalSeconds:0.###} s.");
                }

                await Task.Delay(_receiptPoll, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Frees the lock that orders senders; the client below stays open.</summary>
    public void Dispose() => _sending.Dispose();

    // A node may work on the calls of a batch side by side, and would then give one number to several.
    private async Task<CallRequest[]> NumberAsync(
        IReadOnlyList<CallRequest> calls, CancellationToken cancellation)
    {
        Address[] senders = [.. calls.Where(call => call.Nonce is null).Select(call => call.From).Distinct()];
        IReadOnlyList<JsonRpcAnswer> answers = await Rpc.BatchAsync(
            [.. senders.Select(sender =>
                JsonRpcRequest.Create("eth_getTransactionCount", sender.ToString(), "pending"))],
            cancellation).ConfigureAwait(false);
        Dictionary<Address, ulong> next = [];
        for (int index = 0; index < senders.Length; index++)
        {
            next[senders[index]] = Hex.ReadQuantity(answers[index].Require());
        }

        return [.. calls.Select(call => call.Nonce is null ? call with { Nonce = next[call.From]++ } : call)];
    }

    private static CallOutcome OutcomeOf(JsonRpcAnswer answer) => IsRevert(answer.Error)
        ? new CallOutcome(true, answer.Error!.Data ?? [])
        : new CallOutcome(false, Hex.Read(answer.Require()));

    private static bool IsRevert(JsonRpcError? error) =>
        error is not null
        && (error.Code == RevertedCode
            || error.Message.Contains("execution reverted", StringComparison.OrdinalIgnoreCase));
}
