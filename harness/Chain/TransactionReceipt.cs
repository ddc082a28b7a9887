using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Culverin.Harness.Chain;

/// <summary>
/// What became of a transaction. <see cref="LogData"/> holds the data of its log entries, in order; their
/// topics and addresses are not kept.
/// </summary>
public sealed record TransactionReceipt(
    Bytes32 Hash,
    bool Succeeded,
    ulong GasUsed,
    ulong BlockNumber,
    Address? CreatedContract,
    IReadOnlyList<ReadOnlyMemory<byte>> LogData)
{
    /// <summary>Reads the answer of eth_getTransactionReceipt; throws <see cref="ChainException"/>.</summary>
    internal static TransactionReceipt Read(JsonElement element)
    {
        List<ReadOnlyMemory<byte>> logs = [];
        JsonElement list = Property(element, "logs");
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ChainException(
                ChainFailure.BadAnswer, "The logs of a transaction receipt are no array.");
        }

        foreach (JsonElement log in list.EnumerateArray())
        {
            logs.Add(Hex.Read(Property(log, "data")));
        }

        bool hasCreated = element.TryGetProperty("contractAddress", out JsonElement created)
            && created.ValueKind != JsonValueKind.Null;
        return new TransactionReceipt(
            new Bytes32(Hex.Read(Property(element, "transactionHash"))),
            Hex.ReadQuantity(Property(element, "status")) == 1,
            Hex.ReadQuantity(Property(element, "gasUsed")),
            Hex.ReadQuantity(Property(element, "blockNumber")),
            hasCreated ? new Address(Hex.Read(created)) : null,
            logs);
    }

    private static JsonElement Property(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new ChainException(ChainFailure.BadAnswer, $"A transaction receipt lacks '{name}'.");
}
