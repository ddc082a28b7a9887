using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Guest;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.Versions;

namespace Culverin.Harness.Cli.Demo;

/// <summary>
/// The product's main job, start to end: a guest runs with its pre-image server, some of its steps are
/// proven, the deployed contract executes them on a chain of its own, and refuses a proof with a wrong byte.
/// </summary>
internal sealed class DemoRun(DemoSettings settings, IDemoView view)
{
    // The deployed contract behaves as this version.
    private const StateVersion Version = StateVersion.SingleThreaded;

    // Enough for the runtime to have compiled the interpreter, which would be most of a short run's time.
    private const ulong WarmUpSteps = 1_000_000;

    private static readonly Bytes32 BadProof =
        Bytes32.Parse("0x000000000000000000000000000000000000000000000000000000000badf00d");

    private readonly StepVerifier _twin = new(Version);

    /// <summary>Does it all; the server and the chain have ended when it returns.</summary>
    /// <exception cref="CulverinException">The guest, the server or the chain failed.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        ElfFile guest = GuestFile.Read(settings.Guest);
        GuestRun run;
        IReadOnlyList<ProvenStep> proven;
        using (ProcessOracle server = PreimageServer.Start(settings.Preimages, cancellation))
        {
            MeteredOracle oracle = new(VerifyingOracle.Wrap(server, OracleOptions.Default));
            WarmUp(guest, server, cancellation);
            run = RunToEnd(guest, oracle, cancellation);
            view.ShowRun(run);
            using Machine machine = Create(guest, new MachineOptions { Oracle = oracle });
            proven = new StepPicker(machine, cancellation).Pick(run);
        }

        StepArena arena = await StepArena
            .StartAsync(NodePackages.Locate(), cancellation: cancellation)
            .ConfigureAwait(false);
        await using (arena.ConfigureAwait(false))
        {
            List<CheckedStep> steps = await CheckAsync(arena, proven, cancellation).ConfigureAwait(false);
            view.ShowSteps(steps);
            Tampering tampering = await TamperAsync(arena, proven, cancellation).ConfigureAwait(false);
            return new DemoReport(run, steps, tampering, watch.Elapsed);
        }
    }

    private static Machine Create(ElfFile guest, MachineOptions options) => Machine.Create(
        Loader.Load32(guest, Version), options with { Symbols = new SymbolTable(guest.Symbols) });

    private static void WarmUp(ElfFile guest, ProcessOracle server, CancellationToken cancellation)
    {
        using Machine machine = Create(guest, new MachineOptions { Oracle = server });
        machine.Run(new RunLimits { UntilStep = WarmUpSteps, Cancellation = cancellation });
    }

    private GuestRun RunToEnd(ElfFile guest, MeteredOracle oracle, CancellationToken cancellation)
    {
        GuestOutput output = new();
        using Machine machine = Create(guest, new MachineOptions { Oracle = oracle, Output = output });
        RunLimits limits = new() { StopAfterPreimageRead = true, Cancellation = cancellation };
        List<ulong> reads = [];
        Stopwatch watch = Stopwatch.StartNew();
        while (machine.Run(limits) == StopReason.PreimageRead)
        {
            reads.Add(machine.Step - 1);
        }

        TimeSpan elapsed = watch.Elapsed;
        return new GuestRun
        {
            Guest = Path.GetFileName(settings.Guest),
            Steps = machine.Step,
            Pages = machine.PageCount,
            ExitCode = machine.ExitCode,
            FinalHash = new Bytes32(machine.StateHash()),
            MachineTime = elapsed - oracle.Elapsed,
            ServerTime = oracle.Elapsed,
            RequestCount = oracle.RequestCount,
            PreimageReads = reads,
            Output = output.ToString(),
        };
    }

    private async Task<List<CheckedStep>> CheckAsync(
        StepArena arena, IReadOnlyList<ProvenStep> proven, CancellationToken cancellation)
    {
        List<CheckedStep> steps = [];
        foreach (ProvenStep step in proven)
        {
            StepProof proof = step.Proof;
            _twin.Verify(proof);
            if (proof.Oracle is { } data)
            {
                await arena
                    .LoadPreimageAsync(
                        new PreimagePart(new Bytes32(data.Key), data.Value, (uint)data.Offset), cancellation)
                    .ConfigureAwait(false);
            }

            StepOutcome outcome = await arena
                .StepAsync(new StepCall(proof.StateData, proof.ProofData), cancellation)
                .ConfigureAwait(false);
            steps.Add(new CheckedStep(step, outcome));
        }

        return steps;
    }

    // A byte in the middle of the instruction's memory proof, which every step uses; of a load if possible.
    private async Task<Tampering> TamperAsync(
        StepArena arena, IReadOnlyList<ProvenStep> proven, CancellationToken cancellation)
    {
        ProvenStep step = proven.FirstOrDefault(step => step.What == "load") ?? proven[0];
        byte[] changed = [.. step.Proof.ProofData];
        int position = changed.Length / 4;
        changed[position] ^= 1;
        StepOutcome outcome = await arena
            .StepAsync(new StepCall(step.Proof.StateData, changed), cancellation)
            .ConfigureAwait(false);
        string twinAnswer = TwinAnswer(step.Proof with { ProofData = changed });
        return new Tampering(
            $"{step.What} ({step.Instruction})",
            step.Proof.Step,
            position,
            Describe(outcome),
            twinAnswer,
            outcome.Revert is not null && twinAnswer.Length > 0);
    }

    private string TwinAnswer(StepProof proof)
    {
        try
        {
            _twin.Verify(proof);
            return "";
        }
        catch (CulverinException error)
        {
            return error.Message;
        }
    }

    private static string Describe(StepOutcome outcome)
    {
        if (outcome.Revert is not { } revert)
        {
            return $"accepted: {outcome.PostHash}";
        }

        bool isBadProof =
            revert.Data.Length == Bytes32.SizeBytes && new Bytes32(revert.Data.Span) == BadProof;
        return isBadProof
            ? "reverted with 0x0badf00d: the memory proof does not lead to the memory root"
            : $"reverted: {revert}";
    }
}
