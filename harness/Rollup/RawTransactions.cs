using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rollup;

/// <summary>The encoded transactions of a block, checked against what its header commits to.</summary>
public static class RawTransactions
{
    /// <summary>
    /// Asks for them, in their order. Throws <see cref="ChainException"/> when the node does not answer as
    /// it should, or with the transactions of another block.
    /// </summary>
    public static async Task<IReadOnlyList<byte[]>> ReadAsync(
        EthereumNode node, BlockHeader header, CancellationToken cancellation = default)
    {
        IReadOnlyList<byte[]> transactions =
            await AskAsync(node, header.Hash, cancellation).ConfigureAwait(false);
        return TrieBuilder.RootOf(transactions) == header.TransactionsRoot
            ? transactions
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The transactions that the node gave for block {header.Hash} are not those its header "
                    + "commits to.");
    }

    private static async Task<byte[][]> AskAsync(
        EthereumNode node, Bytes32 block, CancellationToken cancellation)
    {
        JsonRpcRequest request = new("eth_getBlockByHash", writer =>
        {
            writer.WriteStringValue(block.ToString());
            writer.WriteBooleanValue(true);
        });
        JsonElement answer = await node.Rpc.CallAsync(request, cancellation).ConfigureAwait(false);
        JsonObject[] described = [.. new JsonObject(answer, "block")
            .List("transactions")
            .Select(element => new JsonObject(element, "transaction"))];

        // Nobody signs a deposit: its few fields are all there is to encode. Not every node has the bytes.
        int[] signed =
            [.. Enumerable.Range(0, described.Length).Where(index => !IsDeposit(described[index]))];
        IReadOnlyList<JsonRpcAnswer> answers = await node.Rpc.BatchAsync(
            [.. signed.Select(index => JsonRpcRequest.Create(
                "eth_getRawTransactionByHash", described[index].Word("hash").ToString()))],
            cancellation).ConfigureAwait(false);
        byte[][] transactions = new byte[described.Length][];
        for (int place = 0; place < signed.Length; place++)
        {
            transactions[signed[place]] = Hex.Read(answers[place].Require());
        }

        for (int index = 0; index < transactions.Length; index++)
        {
            transactions[index] ??= EncodeDeposit(described[index]);
        }

        return transactions;
    }

    private static bool IsDeposit(JsonObject transaction) =>
        transaction.Has("type") && transaction.Quantity("type") == (ulong)TransactionType.Deposit;

    private static byte[] EncodeDeposit(JsonObject transaction)
    {
        return new DepositTransaction
        {
            SourceHash = transaction.Word("sourceHash"),
            From = transaction.Address("from"),
            To = transaction.AddressOrNone("to"),
            Mint = transaction.Has("mint") ? Hex.ReadLargeQuantity(transaction.Get("mint")) : 0,
            Value = Hex.ReadLargeQuantity(transaction.Get("value")),
            GasLimit = transaction.Quantity("gas"),
            IsSystemTransaction = transaction.Has("isSystemTx")
                && transaction.Get("isSystemTx").ValueKind == JsonValueKind.True,
            Data = transaction.Bytes("input"),
        }.Encode();
    }
}
