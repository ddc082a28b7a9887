using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>The run of a guest from its first step to its end.</summary>
internal sealed record GuestRun
{
    /// <summary>File name of the program.</summary>
    public required string Guest { get; init; }

    /// <summary>Steps until the guest exited.</summary>
    public required ulong Steps { get; init; }

    /// <summary>Pages of 4096 bytes in its memory at the end.</summary>
    public required int Pages { get; init; }

    /// <summary>The guest's exit code.</summary>
    public required byte ExitCode { get; init; }

    /// <summary>The state hash at the end.</summary>
    public required Bytes32 FinalHash { get; init; }

    /// <summary>Time that the machine ran after a warm-up, without waiting for the server.</summary>
    public required TimeSpan MachineTime { get; init; }

    /// <summary>Time that the machine waited for the server's answers.</summary>
    public required TimeSpan ServerTime { get; init; }

    /// <summary>Pre-images and hints that the server was asked for.</summary>
    public required int RequestCount { get; init; }

    /// <summary>The steps that read a pre-image, ascending.</summary>
    public required IReadOnlyList<ulong> PreimageReads { get; init; }

    /// <summary>What the guest wrote to its standard output and error.</summary>
    public required string Output { get; init; }

    /// <summary>Steps a second of the machine's own time.</summary>
    public double StepsPerSecond => Steps / Math.Max(MachineTime.TotalSeconds, 1e-9);
}
