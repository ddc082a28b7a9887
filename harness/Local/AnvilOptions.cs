using System.Globalization;

namespace Culverin.Harness.Local;

/// <summary>How a local node is started.</summary>
public sealed record AnvilOptions
{
    /// <summary>The chain's id.</summary>
    public ulong ChainId { get; init; } = 31_337;

    /// <summary>
    /// Gas of a block, which also bounds a call: far more than any single step or upload takes.
    /// </summary>
    public ulong BlockGasLimit { get; init; } = 1_000_000_000_000;

    /// <summary>How many accounts with 10,000 ether the node holds; always the same addresses.</summary>
    public int AccountCount { get; init; } = 10;

    /// <summary>Largest deployed code in bytes; null keeps Ethereum's limit of 24,576.</summary>
    public int? CodeBytesMax { get; init; }

    /// <summary>Whether it runs as an L2 of the OP Stack, which takes deposit transactions.</summary>
    public bool IsOptimism { get; init; }

    /// <summary>
    /// Whether a block takes transactions in the order they came, not by what they pay: deposits pay
    /// nothing and must come first.
    /// </summary>
    public bool TakesInOrder { get; init; }

    /// <summary>
    /// Seconds since 1970 of the first block; null for the time now. A genesis file's time goes before.
    /// </summary>
    public ulong? Timestamp { get; init; }

    /// <summary>
    /// Blocks of an epoch: a block is safe after one epoch and finalized after two.
    /// </summary>
    public int EpochBlocks { get; init; } = 32;

    /// <summary>Path of a genesis file with the accounts of the first block; null for none.</summary>
    public string? GenesisPath { get; init; }

    /// <summary>
    /// Whether the states of old blocks stay readable. Without them a chain of very many blocks needs less
    /// memory and writes nothing to disk.
    /// </summary>
    public bool KeepsHistory { get; init; } = true;

    /// <summary>Longest time from the start of the process to its first answer.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The command line, without the executable.</summary>
    internal IEnumerable<string> Arguments()
    {
        // Port 0: the system picks a free one, and the node prints which.
        yield return "--host";
        yield return "127.0.0.1";
        yield return "--port";
        yield return "0";
        yield return "--no-request-size-limit";
        yield return "--chain-id";
        yield return Text(ChainId);
        yield return "--gas-limit";
        yield return Text(BlockGasLimit);
        yield return "--accounts";
        yield return Text(AccountCount);
        if (CodeBytesMax is { } bytes)
        {
            yield return "--code-size-limit";
            yield return Text(bytes);
        }

        yield return "--slots-in-an-epoch";
        yield return Text(EpochBlocks);
        if (IsOptimism)
        {
            yield return "--network";
            yield return "optimism";
        }

        if (TakesInOrder)
        {
            yield return "--order";
            yield return "fifo";
        }

        if (Timestamp is { } seconds)
        {
            yield return "--timestamp";
            yield return Text(seconds);
        }

        if (GenesisPath is not null)
        {
            yield return "--init";
            yield return GenesisPath;
        }

        if (!KeepsHistory)
        {
            yield return "--prune-history";
        }
    }

    private static string Text<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
