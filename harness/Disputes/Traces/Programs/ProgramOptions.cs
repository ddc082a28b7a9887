using Culverin.Embed;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;

namespace Culverin.Harness.Disputes.Traces.Programs;

/// <summary>How the fault-proof program is run for the disputes of one game.</summary>
public sealed record ProgramOptions
{
    /// <summary>The program's first state, a state file of any version.</summary>
    public required string PrestatePath { get; init; }

    /// <summary>
    /// Where the game's runs are kept; made if need be. It belongs to one <see cref="ProgramTraces"/> at a
    /// time, in this process or another.
    /// </summary>
    public required string DataFolder { get; init; }

    /// <summary>What runs the program.</summary>
    public IEngine Engine { get; init; } = ManagedEngine.Instance;

    /// <summary>How patient the host is with its nodes.</summary>
    public HostOptions Host { get; init; } = new();

    /// <summary>Where the host asks for blobs; null where there is nothing.</summary>
    public BeaconEndpoint? Beacon { get; init; }

    /// <summary>Most runs that are open at a time, each with the program's memory.</summary>
    public int OpenRunsMax { get; init; } = 3;

    /// <summary>Most runs that are kept on disk; the one that was used least recently goes.</summary>
    public int KeptRunsMax { get; init; } = 16;

    /// <summary>Most games whose runs are kept; those that are in use come on top.</summary>
    public int KeptGamesMax { get; init; } = 64;

    /// <summary>
    /// Most bytes of a run's checkpoints; its first state and its pre-images come on top.
    /// </summary>
    public long RunBytesMax { get; init; } = 256 << 20;

    /// <summary>Steps between two checkpoints to begin with.</summary>
    public ulong SpacingSteps { get; init; } = 1 << 21;

    /// <summary>Throws <see cref="CulverinException"/> when a number means nothing.</summary>
    internal void Validate()
    {
        if (OpenRunsMax < 1 || KeptRunsMax < OpenRunsMax || KeptGamesMax < 1
            || RunBytesMax < 0 || SpacingSteps == 0)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, $"The options of a program's runs are out of range: {this}.");
        }
    }
}
