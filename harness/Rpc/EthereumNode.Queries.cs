using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc;

/// <summary>Questions about blocks, accounts, transactions and logs.</summary>
public sealed partial class EthereumNode
{
    /// <summary>The number of the newest block.</summary>
    public async Task<ulong> GetBlockNumberAsync(CancellationToken cancellation = default) =>
        Hex.ReadQuantity(await AskAsync("eth_blockNumber", cancellation).ConfigureAwait(false));

    /// <summary>
    /// A block; null when the node has none such. Throws <see cref="ChainException"/> when it is malformed,
    /// or not the one asked for.
    /// </summary>
    public async Task<Block?> FindBlockAsync(
        BlockReference reference, CancellationToken cancellation = default) =>
        (await FindBlocksAsync([reference], cancellation).ConfigureAwait(false))[0];

    /// <summary>Many blocks in few HTTP requests.</summary>
    public async Task<IReadOnlyList<Block?>> FindBlocksAsync(
        IReadOnlyList<BlockReference> references, CancellationToken cancellation = default)
    {
        JsonRpcRequest[] requests = [.. references.Select(reference => new JsonRpcRequest(
            reference.IsHash ? "eth_getBlockByHash" : "eth_getBlockByNumber",
            writer =>
            {
                writer.WriteStringValue(reference.ToString());
                writer.WriteBooleanValue(false);
            }))];
        IReadOnlyList<JsonRpcAnswer> answers =
            await Rpc.BatchAsync(requests, cancellation).ConfigureAwait(false);
        return [.. answers.Select((answer, index) => ReadBlock(answer.Require(), references[index]))];
    }

    /// <summary>A block that must be there; throws <see cref="ChainException"/> when it is not.</summary>
    public async Task<Block> GetBlockAsync(
        BlockReference reference, CancellationToken cancellation = default) =>
        await FindBlockAsync(reference, cancellation).ConfigureAwait(false)
            ?? throw new ChainException(ChainFailure.BadAnswer, $"The node has no block {reference}.");

    /// <summary>Wei that an account holds.</summary>
    public async Task<BigInteger> GetBalanceAsync(
        Address account, BlockReference block = default, CancellationToken cancellation = default) =>
        Hex.ReadLargeQuantity(
            await AskAtAsync("eth_getBalance", block, cancellation, account.ToString())
                .ConfigureAwait(false));

    /// <summary>How many transactions an account has made: the number of its next one.</summary>
    public async Task<ulong> GetNonceAsync(
        Address account, BlockReference block = default, CancellationToken cancellation = default) =>
        Hex.ReadQuantity(
            await AskAtAsync("eth_getTransactionCount", block, cancellation, account.ToString())
                .ConfigureAwait(false));

    /// <summary>An account's code; empty when it has none.</summary>
    public async Task<byte[]> GetCodeAsync(
        Address account, BlockReference block = default, CancellationToken cancellation = default) =>
        Hex.Read(
            await AskAtAsync("eth_getCode", block, cancellation, account.ToString()).ConfigureAwait(false));

    /// <summary>One storage slot of an account.</summary>
    public async Task<Bytes32> GetStorageAsync(
        Address account,
        Bytes32 slot,
        BlockReference block = default,
        CancellationToken cancellation = default) =>
        Bytes32.FromInteger(Hex.ReadLargeQuantity(
            await AskAtAsync("eth_getStorageAt", block, cancellation, account.ToString(), slot.ToString())
                .ConfigureAwait(false)));

    /// <summary>An account and slots of it with the trie nodes that prove them.</summary>
    public async Task<AccountProof> GetProofAsync(
        Address account,
        IReadOnlyList<Bytes32> slots,
        BlockReference block = default,
        CancellationToken cancellation = default)
    {
        JsonRpcRequest request = new("eth_getProof", writer =>
        {
            writer.WriteStringValue(account.ToString());
            writer.WriteStartArray();
            foreach (Bytes32 slot in slots)
            {
                writer.WriteStringValue(slot.ToString());
            }

            writer.WriteEndArray();
            block.Write(writer);
        });
        AccountProof proof =
            AccountProof.Read(await Rpc.CallAsync(request, cancellation).ConfigureAwait(false));
        return proof.Address == account
            && proof.Storage.Select(each => each.Slot).SequenceEqual(slots)
                ? proof
                : throw new ChainException(
                    ChainFailure.BadAnswer, "The node proved another account or other slots than asked.");
    }

    /// <summary>A transaction's receipt; null while it is in no block.</summary>
    public async Task<TransactionReceipt?> FindReceiptAsync(
        Bytes32 hash, CancellationToken cancellation = default)
    {
        JsonElement receipt = await AskAsync("eth_getTransactionReceipt", cancellation, hash.ToString())
            .ConfigureAwait(false);
        return receipt.ValueKind == JsonValueKind.Null ? null : TransactionReceipt.Read(receipt);
    }

    /// <summary>The receipts of all transactions of a block, in their order.</summary>
    public async Task<IReadOnlyList<TransactionReceipt>> GetReceiptsAsync(
        Block block, CancellationToken cancellation = default)
    {
        JsonRpcRequest[] requests = [.. block.TransactionHashes.Select(hash =>
            JsonRpcRequest.Create("eth_getTransactionReceipt", hash.ToString()))];
        IReadOnlyList<JsonRpcAnswer> answers =
            await Rpc.BatchAsync(requests, cancellation).ConfigureAwait(false);
        return [.. answers.Select(answer => TransactionReceipt.Read(answer.Require()))];
    }

    /// <summary>
    /// The encoded transactions of a block, in their order, by debug_getRawTransaction. Throws <see
    /// cref="ChainException"/> when one does not hash to its hash.
    /// </summary>
    public async Task<IReadOnlyList<byte[]>> GetRawTransactionsAsync(
        Block block, CancellationToken cancellation = default)
    {
        JsonRpcRequest[] requests = [.. block.TransactionHashes.Select(hash =>
            JsonRpcRequest.Create("debug_getRawTransaction", hash.ToString()))];
        IReadOnlyList<JsonRpcAnswer> answers =
            await Rpc.BatchAsync(requests, cancellation).ConfigureAwait(false);
        byte[][] transactions = [.. answers.Select(answer => Hex.Read(answer.Require()))];
        for (int index = 0; index < transactions.Length; index++)
        {
            if (Bytes32.Keccak256(transactions[index]) != block.TransactionHashes[index])
            {
                throw new ChainException(
                    ChainFailure.BadAnswer,
                    $"The node gave other bytes for the transaction {block.TransactionHashes[index]}.");
            }
        }

        return transactions;
    }

    private static Block? ReadBlock(JsonElement element, BlockReference asked)
    {
        if (element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        Block block = Block.Read(element);
        string stated = asked.IsHash ? block.Hash.ToString() : Hex.FormatQuantity(block.Number);
        bool isByPlace = !asked.ToString().StartsWith("0x", StringComparison.Ordinal);
        return isByPlace || stated == asked.ToString()
            ? block
            : throw new ChainException(
                ChainFailure.BadAnswer, $"The node gave block {stated} where {asked} was asked for.");
    }

    private Task<JsonElement> AskAsync(
        string method, CancellationToken cancellation, params string[] parameters) =>
        Rpc.CallAsync(JsonRpcRequest.Create(method, parameters), cancellation);

    private Task<JsonElement> AskAtAsync(
        string method, BlockReference block, CancellationToken cancellation, params string[] parameters) =>
        Rpc.CallAsync(
            new JsonRpcRequest(method, writer =>
            {
                foreach (string parameter in parameters)
                {
                    writer.WriteStringValue(parameter);
                }

                block.Write(writer);
            }),
            cancellation);
}
