using System.Diagnostics;
using Culverin.Harness.Cli.Demo.Steps;
using Culverin.Run;

namespace Culverin.Harness.Cli.Programs;

/// <summary>What a program of harness/guest says of what it was asked about, and what that took.</summary>
internal sealed record ProgramOutcome
{
    /// <summary>The programs' exit codes.</summary>
    private const byte Right = 0;
    private const byte Wrong = 1;

    /// <summary>
    /// Its exit code: 0 the claim or hash is right, 1 it is wrong, anything else: not known.
    /// </summary>
    public required byte ExitCode { get; init; }

    /// <summary>Steps until it exited.</summary>
    public required ulong Steps { get; init; }

    /// <summary>Time of the run, pre-images and answers of L1 included.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Pages of 4096 bytes in its memory at the end.</summary>
    public required int Pages { get; init; }

    /// <summary>How often it asked for a pre-image.</summary>
    public required ulong Preimages { get; init; }

    /// <summary>What it said.</summary>
    public required string Output { get; init; }

    /// <summary>The exit code as a word.</summary>
    public string Verdict => ExitCode switch { Right => "right", Wrong => "wrong", _ => "unknown" };

    /// <summary>Runs a machine, which must be connected to an oracle and the output.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="IEngineMachine.Run"/>, and what the oracle throws.
    /// </exception>
    public static ProgramOutcome Run(
        IEngineMachine machine, GuestOutput output, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        _ = machine.Run(new RunLimits { Cancellation = cancellation });
        TimeSpan time = watch.Elapsed;
        MachineSummary end = machine.Describe();
        return new ProgramOutcome
        {
            ExitCode = end.ExitCode,
            Steps = end.Step,
            Time = time,
            Pages = end.PageCount,
            Preimages = end.PreimageRequestCount,
            Output = output.ToString().Trim(),
        };
    }
}
