using System.Diagnostics;
using Culverin.Harness.Cli.Demo.Steps;
using Culverin.Harness.Host;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Cli.Programs;

/// <summary>The run of the block program on one block.</summary>
internal sealed record BlockRun
{
    /// <summary>The program's exit codes.</summary>
    private const byte Right = 0;
    private const byte Wrong = 1;

    /// <summary>Its exit code: 0 the hash is right, 1 it is wrong, anything else: not known.</summary>
    public required byte ExitCode { get; init; }

    /// <summary>Steps until it exited.</summary>
    public required ulong Steps { get; init; }

    /// <summary>Time of the run, pre-images and answers of L1 included.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Pages of 4096 bytes in its memory at the end.</summary>
    public required int Pages { get; init; }

    /// <summary>What it said.</summary>
    public required string Output { get; init; }

    /// <summary>The exit code as a word.</summary>
    public string Verdict => ExitCode switch { Right => "right", Wrong => "wrong", _ => "unknown" };

    /// <summary>Runs the program.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="IEngineMachine.Run"/>, and what the oracle throws.
    /// </exception>
    public static BlockRun Run(
        BlockFile file, StateVersion version, PrecompileAnswers precompiles, CancellationToken cancellation)
    {
        using BlockOracle oracle = new(file, precompiles);
        GuestOutput output = new();
        using IEngineMachine machine = BlockProgram.Load(
            version, CheckedSource.Connect(oracle) with { Output = output });
        Stopwatch watch = Stopwatch.StartNew();
        _ = machine.Run(new RunLimits { Cancellation = cancellation });
        TimeSpan time = watch.Elapsed;
        MachineSummary end = machine.Describe();
        return new BlockRun
        {
            ExitCode = end.ExitCode,
            Steps = end.Step,
            Time = time,
            Pages = end.PageCount,
            Output = output.ToString().Trim(),
        };
    }
}
