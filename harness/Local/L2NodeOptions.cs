using System.Globalization;

namespace Culverin.Harness.Local;

/// <summary>How a node of an L2 is started (harness/guest/l2-node).</summary>
public sealed record L2NodeOptions
{
    /// <summary>The file with the L2's first block, in op-geth's format.</summary>
    public required string GenesisPath { get; init; }

    /// <summary>The file with the L2's configuration, in op-node's format.</summary>
    public required string RollupPath { get; init; }

    /// <summary>
    /// The file with the configuration of L1, in the format of a genesis.json; null where the node knows it.
    /// </summary>
    public string? L1ConfigPath { get; init; }

    /// <summary>The node of L1.</summary>
    public required Uri L1 { get; init; }

    /// <summary>
    /// The folder with the chain; made if it is not there. Only one node at a time may use it.
    /// </summary>
    public required string DataFolder { get; init; }

    /// <summary>Seconds between two L2 blocks, as the configuration has them.</summary>
    public required int BlockSeconds { get; init; }

    /// <summary>
    /// Whether it makes blocks, as it is told, and takes transactions; otherwise it only derives from L1.
    /// </summary>
    public bool IsSequencer { get; init; }

    /// <summary>
    /// Where blobs come from, with the script that makes their commitments; null for nobody. The endpoint of
    /// a local L1 node names blocks by their number.
    /// </summary>
    public (Uri Endpoint, string KzgScript)? Beacon { get; init; }

    /// <summary>The port on the loopback interface; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The time between two looks at L1, if nobody has it look before.</summary>
    public TimeSpan PollDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest time from the start of the process to its first answer.</summary>
    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The command line, without the executable.</summary>
    internal IEnumerable<string> Arguments()
    {
        List<string> all =
        [
            "run", "--genesis", GenesisPath, "--rollup", RollupPath, "--l1", L1.ToString(),
            "--data", DataFolder, "--clock", "hand", "--poll", Milliseconds(PollDelay),
            "--listen", "127.0.0.1:" + Port.ToString(CultureInfo.InvariantCulture),
        ];
        if (L1ConfigPath is not null)
        {
            all.AddRange(["--l1-config", L1ConfigPath]);
        }

        if (IsSequencer)
        {
            all.Add("--sequencer");
        }

        if (Beacon is { } beacon)
        {
            all.AddRange(
                ["--l1-beacon", beacon.Endpoint.ToString(), "--kzg", beacon.KzgScript, "--blobs-by-number"]);
        }

        return all;
    }

    private static string Milliseconds(TimeSpan time) =>
        ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) + "ms";
}
