using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>One event that a contract logged, and where.</summary>
public sealed record LogEntry(
    Address Address,
    IReadOnlyList<Bytes32> Topics,
    ReadOnlyMemory<byte> Data,
    ulong BlockNumber,
    Bytes32 BlockHash,
    Bytes32 TransactionHash,
    ulong TransactionIndex,
    ulong LogIndex)
{
    /// <summary>
    /// Reads one entry of a receipt or of eth_getLogs; throws <see cref="ChainException"/>.
    /// </summary>
    internal static LogEntry Read(JsonElement element)
    {
        JsonObject log = new(element, "log entry");
        return new LogEntry(
            log.Address("address"),
            [.. log.List("topics").Select(topic => new Bytes32(Hex.Read(topic)))],
            log.Bytes("data"),
            log.Quantity("blockNumber"),
            log.Word("blockHash"),
            log.Word("transactionHash"),
            log.Quantity("transactionIndex"),
            log.Quantity("logIndex"));
    }
}
