using System.Diagnostics;
using Culverin.Embed;
using Culverin.Execute;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Host;
using Culverin.Harness.Local;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.Run;
using Culverin.Versions;

namespace Culverin.Harness.Cli.Demo.Steps;

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

    private static readonly ManagedEngine Engine = ManagedEngine.Instance;

    private static readonly Bytes32 BadProof =
        Bytes32.Parse("0x000000000000000000000000000000000000000000000000000000000badf00d");

    /// <summary>Does it all; the server and the chain have ended when it returns.</summary>
    /// <exception cref="CulverinException">The guest, the server or the chain failed.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        byte[] guest = GuestFile.Read(settings.Guest);
        GuestRun run;
        IReadOnlyList<ProvenStep> proven;
        using (IPreimageOracle server = PreimageServer.Start(settings.Preimages, cancellation))
        {
            MeteredOracle oracle = new(server);
            WarmUp(guest, server, cancellation);
            run = RunToEnd(guest, oracle, cancellation);
            view.ShowRun(run);
            using IEngineMachine machine = Load(guest, oracle);
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

    private static IEngineMachine Load(byte[] guest, IPreimageOracle oracle, IGuestOutput? output = null) =>
        Engine.LoadElf(guest, Version, CheckedSource.Connect(oracle) with { Output = output });

    private static void WarmUp(byte[] guest, IPreimageOracle server, CancellationToken cancellation)
    {
        using IEngineMachine machine = Load(guest, server);
        machine.Run(new RunLimits { UntilStep = WarmUpSteps, Cancellation = cancellation });
    }

    private GuestRun RunToEnd(byte[] guest, MeteredOracle oracle, CancellationToken cancellation)
    {
        GuestOutput output = new();
        using IEngineMachine machine = Load(guest, oracle, output);
        RunLimits limits = new() { StopAfterPreimageRead = true, Cancellation = cancellation };
        List<ulong> reads = [];
        Stopwatch watch = Stopwatch.StartNew();
        while (machine.Run(limits) == StopReason.PreimageRead)
        {
            reads.Add(machine.Step - 1);
        }

        TimeSpan elapsed = watch.Elapsed;
        MachineSummary end = machine.Describe();
        return new GuestRun
        {
            Guest = Path.GetFileName(settings.Guest),
            Steps = end.Step,
            Pages = end.PageCount,
            ExitCode = end.ExitCode,
            FinalHash = new Bytes32(machine.StateHash()),
            MachineTime = elapsed - oracle.Elapsed,
            ServerTime = oracle.Elapsed,
            RequestCount = oracle.RequestCount,
            PreimageReads = reads,
            Output = output.ToString(),
        };
    }

    private static async Task<List<CheckedStep>> CheckAsync(
        StepArena arena, IReadOnlyList<ProvenStep> proven, CancellationToken cancellation)
    {
        List<CheckedStep> steps = [];
        foreach (ProvenStep step in proven)
        {
            StepProof proof = step.Proof;
            Engine.Verify(Version, proof);
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
    private static async Task<Tampering> TamperAsync(
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

    private static string TwinAnswer(StepProof proof)
    {
        try
        {
            Engine.Verify(Version, proof);
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
