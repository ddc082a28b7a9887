using System.Text.Json;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;

namespace Culverin.Harness.Rollup;

/// <summary>The encoded receipts of a block, checked against what its header commits to.</summary>
public static class RawReceipts
{
    /// <summary>
    /// Asks for them, in their order: for all at once, or where the node cannot do that, for each. Throws
    /// <see cref="ChainException"/> when the node does not answer as it should, or with the receipts of
    /// another block.
    /// </summary>
    public static async Task<IReadOnlyList<byte[]>> ReadAsync(
        EthereumNode node, BlockHeader header, CancellationToken cancellation = default)
    {
        IReadOnlyList<byte[]> receipts = header.ReceiptsRoot == TrieBuilder.EmptyRoot
            ? []
            : [.. (await AskAsync(node, header, cancellation).ConfigureAwait(false)).Select(Encode)];
        return TrieBuilder.RootOf(receipts) == header.ReceiptsRoot
            ? receipts
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"The receipts that the node gave for block {header.Hash} are not those its header commits "
                    + "to.");
    }

    /// <summary>
    /// The encoding that a block's trie holds: status, gas used so far, bloom and logs behind the
    /// transaction's type (EIP-2718); a deposit's also has its nonce, and since Canyon a version (OP Stack
    /// specification, deposits.md). Throws <see cref="ChainException"/> when something is missing.
    /// </summary>
    internal static byte[] Encode(JsonElement element)
    {
        JsonObject receipt = new(element, "transaction receipt");
        List<RlpItem> parts =
        [
            receipt.Quantity("status"),
            receipt.Quantity("cumulativeGasUsed"),
            receipt.Bytes("logsBloom"),
            RlpItem.List(receipt.List("logs").Select(EncodeLog)),
        ];
        ulong type = receipt.Has("type") ? receipt.Quantity("type") : 0;
        if (type == (ulong)TransactionType.Deposit && receipt.Has("depositNonce"))
        {
            parts.Add(receipt.Quantity("depositNonce"));
            if (receipt.Has("depositReceiptVersion"))
            {
                parts.Add(receipt.Quantity("depositReceiptVersion"));
            }
        }

        byte[] encoded = RlpItem.List(parts).Encode();
        return type == 0 ? encoded : [(byte)type, .. encoded];
    }

    private static RlpItem EncodeLog(JsonElement element)
    {
        JsonObject log = new(element, "log entry");
        return RlpItem.List(
            log.Address("address"),
            RlpItem.List(log.BytesList("topics").Select(RlpItem.FromBytes)),
            log.Bytes("data"));
    }

    private static async Task<IEnumerable<JsonElement>> AskAsync(
        EthereumNode node, BlockHeader header, CancellationToken cancellation)
    {
        try
        {
            JsonElement all = await node.Rpc.CallAsync(
                JsonRpcRequest.Create("eth_getBlockReceipts", header.Hash.ToString()), cancellation)
                .ConfigureAwait(false);
            return all.ValueKind == JsonValueKind.Array
                ? all.EnumerateArray()
                : throw new ChainException(
                    ChainFailure.BadAnswer, $"The node has no receipts of block {header.Hash}.");
        }
        catch (JsonRpcException error) when (error.Error.IsMethodMissing)
        {
            Block block = await node
                .GetBlockAsync(BlockReference.Hash(header.Hash), cancellation)
                .ConfigureAwait(false);
            IReadOnlyList<JsonRpcAnswer> answers = await node.Rpc.BatchAsync(
                [.. block.TransactionHashes.Select(each =>
                    JsonRpcRequest.Create("eth_getTransactionReceipt", each.ToString()))],
                cancellation).ConfigureAwait(false);
            return answers.Select(answer => answer.Require());
        }
    }
}
