using System.Numerics;
using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>What became of a transaction, and where.</summary>
public sealed record TransactionReceipt
{
    /// <summary>The transaction's hash.</summary>
    public required Bytes32 Hash { get; init; }

    /// <summary>Whether its call ended without a revert.</summary>
    public required bool Succeeded { get; init; }

    /// <summary>Gas that it used.</summary>
    public required ulong GasUsed { get; init; }

    /// <summary>Wei that it paid for each unit of gas; zero where the node does not tell.</summary>
    public required BigInteger EffectiveGasPrice { get; init; }

    /// <summary>Wei that it paid for its blobs (EIP-4844); zero where it has none.</summary>
    public BigInteger BlobFee { get; init; }

    /// <summary>Wei that it paid for gas and blobs.</summary>
    public BigInteger Fee => (GasUsed * EffectiveGasPrice) + BlobFee;

    /// <summary>The number of its block.</summary>
    public required ulong BlockNumber { get; init; }

    /// <summary>The hash of its block.</summary>
    public required Bytes32 BlockHash { get; init; }

    /// <summary>Its place in the block, from 0.</summary>
    public required ulong TransactionIndex { get; init; }

    /// <summary>The sender.</summary>
    public required Address From { get; init; }

    /// <summary>Who was called; null when it created a contract.</summary>
    public required Address? To { get; init; }

    /// <summary>The contract that it created, else null.</summary>
    public required Address? CreatedContract { get; init; }

    /// <summary>What its contracts logged, in order.</summary>
    public required IReadOnlyList<LogEntry> Logs { get; init; }

    /// <summary>Reads the answer of eth_getTransactionReceipt; throws <see cref="ChainException"/>.</summary>
    internal static TransactionReceipt Read(JsonElement element)
    {
        JsonObject receipt = new(element, "transaction receipt");
        return new TransactionReceipt
        {
            Hash = receipt.Word("transactionHash"),
            Succeeded = receipt.Quantity("status") == 1,
            GasUsed = receipt.Quantity("gasUsed"),
            EffectiveGasPrice = receipt.Has("effectiveGasPrice")
                ? Hex.ReadLargeQuantity(receipt.Get("effectiveGasPrice"))
                : BigInteger.Zero,
            BlobFee = receipt.Has("blobGasUsed") && receipt.Has("blobGasPrice")
                ? receipt.Quantity("blobGasUsed") * Hex.ReadLargeQuantity(receipt.Get("blobGasPrice"))
                : BigInteger.Zero,
            BlockNumber = receipt.Quantity("blockNumber"),
            BlockHash = receipt.Word("blockHash"),
            TransactionIndex = receipt.Quantity("transactionIndex"),
            From = receipt.Address("from"),
            To = receipt.AddressOrNone("to"),
            CreatedContract = receipt.AddressOrNone("contractAddress"),
            Logs = [.. receipt.List("logs").Select(LogEntry.Read)],
        };
    }
}
