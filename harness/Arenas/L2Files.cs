using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>
/// The files that describe a derived L2: its genesis.json, its rollup.json (in the formats of op-geth and
/// op-node) and the configuration of its L1. Everything in them follows from the arena's parameters, so that
/// the fault-proof program can know the chain by its id.
/// </summary>
internal sealed class L2Files
{
    // Since Granite, whatever the file says (source: OP Stack specification, Granite).
    private const int ChannelTimeoutBlocks = 50;

    // Since Fjord, whatever the file says.
    private const int SequencerDriftSeconds = 1_800;

    // Forks of the L2 that hold from its first block on: those that the contracts of the arena know.
    private static readonly string[] Forks =
        ["regolith", "canyon", "delta", "ecotone", "fjord", "granite", "holocene"];

    private static readonly JsonWriterOptions Layout = new() { Indented = true, NewLine = "\n" };

    private L2Files(string folder)
    {
        GenesisPath = Path.Combine(folder, "genesis.json");
        RollupPath = Path.Combine(folder, "rollup.json");
        L1ConfigPath = Path.Combine(folder, "l1.json");
    }

    public string GenesisPath { get; }

    public string RollupPath { get; }

    public string L1ConfigPath { get; }

    /// <summary>
    /// Writes the files into a folder. The L2 begins with L1's first block. Throws <see
    /// cref="ChainException"/>.
    /// </summary>
    public static async Task<L2Files> WriteAsync(
        string folder,
        L2Program program,
        EthereumNode l1,
        L2Genesis genesis,
        RollupFacts facts,
        CancellationToken cancellation)
    {
        L2Files files = new(folder);
        await genesis.WriteAsync(files.GenesisPath, cancellation).ConfigureAwait(false);
        Block origin = await l1
            .GetBlockAsync(BlockReference.Earliest, cancellation)
            .ConfigureAwait(false);
        await File.WriteAllBytesAsync(files.L1ConfigPath, L1ConfigOf(facts.Options), cancellation)
            .ConfigureAwait(false);

        // Which block the genesis file makes depends on the forks in the other.
        await File.WriteAllBytesAsync(files.RollupPath, RollupOf(facts, origin, default), cancellation)
            .ConfigureAwait(false);
        string first = await program
            .AskAsync(
                ["genesis", "--genesis", files.GenesisPath, "--rollup", files.RollupPath], cancellation)
            .ConfigureAwait(false);
        await File.WriteAllBytesAsync(
            files.RollupPath, RollupOf(facts, origin, Bytes32.Parse(first.Trim())), cancellation)
            .ConfigureAwait(false);
        return files;
    }

    private static byte[] RollupOf(RollupFacts facts, Block origin, Bytes32 firstHash)
    {
        using MemoryStream file = new();
        using Utf8JsonWriter writer = new(file, Layout);
        writer.WriteStartObject();
        writer.WriteStartObject("genesis");
        WriteBlock(writer, "l1", origin.Hash, origin.Number);
        WriteBlock(writer, "l2", firstHash, 0);
        writer.WriteNumber("l2_time", facts.Options.Timestamp);
        writer.WriteStartObject("system_config");
        writer.WriteString("batcherAddr", facts.Batcher.ToString());
        writer.WriteString("overhead", default(Bytes32).ToString());
        writer.WriteString("scalar", Scalar());
        writer.WriteNumber("gasLimit", facts.Options.L2GasLimit);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteNumber("block_time", facts.Options.L2BlockSeconds);
        writer.WriteNumber("max_sequencer_drift", SequencerDriftSeconds);
        writer.WriteNumber("seq_window_size", facts.Options.SequencingWindow);
        writer.WriteNumber("channel_timeout", ChannelTimeoutBlocks);
        writer.WriteNumber("l1_chain_id", facts.Options.L1ChainId);
        writer.WriteNumber("l2_chain_id", facts.Options.L2ChainId);
        foreach (string fork in Forks)
        {
            writer.WriteNumber(fork + "_time", 0);
        }

        writer.WriteString("batch_inbox_address", facts.Inbox.ToString());
        writer.WriteString("deposit_contract_address", facts.Portal.ToString());
        writer.WriteString("l1_system_config_address", facts.SystemConfig.ToString());
        writer.WriteStartObject("chain_op_config");
        writer.WriteNumber("eip1559Elasticity", L2Genesis.FeeElasticity);
        writer.WriteNumber("eip1559Denominator", 50);
        writer.WriteNumber("eip1559DenominatorCanyon", L2Genesis.FeeDenominator);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return [.. file.ToArray(), (byte)'\n'];
    }

    private static void WriteBlock(Utf8JsonWriter writer, string name, Bytes32 hash, ulong number)
    {
        writer.WriteStartObject(name);
        writer.WriteString("hash", hash.ToString());
        writer.WriteNumber("number", number);
        writer.WriteEndObject();
    }

    // Version 1: the two scalars are the last eight bytes (source: OP Stack specification, system config).
    private static string Scalar()
    {
        BigInteger value = (BigInteger.One << 248)
            + ((BigInteger)L2Genesis.BlobBaseFeeScalar << 32)
            + L2Genesis.BaseFeeScalar;
        return Bytes32.FromInteger(value).ToString();
    }

    // A local node has the newest rules from its first block on; the fraction is that of EIP-7691.
    private static byte[] L1ConfigOf(ArenaOptions options) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"chainId": {{options.L1ChainId}}, "cancunTime": 0, "pragueTime": 0}"""));
}

/// <summary>What a rollup.json says besides the first blocks.</summary>
/// <param name="Options">The arena's parameters.</param>
/// <param name="Batcher">The account that posts batches at first.</param>
/// <param name="Inbox">Where they go.</param>
/// <param name="Portal">The contract that takes deposits.</param>
/// <param name="SystemConfig">The contract that changes the configuration.</param>
internal sealed record RollupFacts(
    ArenaOptions Options, Address Batcher, Address Inbox, Address Portal, Address SystemConfig);
