using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Files;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;
using Culverin.Harness.Host;
using Culverin.Oracle;
using PreimageKey = Culverin.Harness.Arenas.PreimageKey;

namespace Culverin.Harness.Scenarios;

/// <summary>Games that end at certain steps of the fault-proof program.</summary>
internal static class CannonSteps
{
    // The block from which on outputs are lied about: the third leaf, after the root of the block before.
    private const ulong FirstLie = 4;
    private const ulong MiddleStep = 9_876_543;
    private const ulong StepsBeforeLastLeaf = 1_234;

    // The length in front of data is read in two steps of four bytes.
    private const int LengthReads = 2;

    // More than a node takes in one transaction, and enough for the oracle's large proposals.
    private const int LargeBytes = 140_000;
    private const byte Junk = 0xaa;
    private const int RightLevels = 3;

    private static readonly string[] LocalNames =
        ["l1-head", "agreed-output-root", "claimed-output-root", "claimed-block-number", "chain-id"];

    // Those in which the honest side is the one that steps.
    private static readonly ScenarioVariant[] Stepping =
    [
        new(Depth: DepthParity.Even, Honest: HonestSide.Challenger),
        new(Depth: DepthParity.Odd, Honest: HonestSide.Proposer),
    ];

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "C4",
            Title = "A dispute about the first step, one in the middle, and one after the end",
            Proves = "Steps from the first state and steps of a program that has ended settle games too.",
            Variants =
                ScenarioVariant.Cross(["first", "middle", "extension"], ScenarioVariant.DepthsAndSides),
            Options = CannonRig.OptionsOf,
            Body = StepAsync,
        },
        new()
        {
            Id = "C5",
            Title = "Junk, and at the end right hashes, so that the step has to go on from a claim",
            Proves = "A step that defends is executed as one that attacks is.",
            Variants = ScenarioVariant.DepthsAndSides,
            Options = CannonRig.OptionsOf,
            Body = DefendStepAsync,
        },
        new()
        {
            Id = "C6",
            Title = "The step that is disputed reads a pre-image too large for one transaction",
            Proves = "It is proposed in parts, and taken once the time to challenge it is over.",
            Variants = Stepping,
            Options = CannonRig.OptionsOf,
            Body = LargePreimageAsync,
        },
        new()
        {
            Id = "C7",
            Title = "The step that is disputed reads a pre-image",
            Proves = "What a step reads is loaded before it, unless the oracle holds it already.",
            Variants = ScenarioVariant.Cross(
                ["keccak", "keccak-present", "local", "local-present"], Stepping),
            Options = CannonRig.OptionsOf,
            Body = PreimageAsync,
        },
        new()
        {
            Id = "L1",
            Title = "The step that is disputed reads a value that the game itself provides",
            Proves = "Each of them is on chain what the program was run with.",
            Variants = ScenarioVariant.Cross(LocalNames, Stepping),
            Options = CannonRig.OptionsOf,
            Body = LocalAsync,
        },
    ];

    private static async Task StepAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        UInt128 leafCount = UInt128.One << rig.Game.Game.Rules.ExecutionDepth;
        UInt128 step = run.Variant.Case switch
        {
            "first" => 0,
            "middle" => MiddleStep,
            _ => leafCount - StepsBeforeLastLeaf,
        };
        await PlayToAsync(run, rig, step).ConfigureAwait(false);
    }

    private static async Task DefendStepAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        await rig.DuelAsync(async claim =>
        {
            bool isRight = claim.Position.Depth + RightLevels >= rig.MaxDepth;
            return isRight
                ? await rig.Thief.MoveRightAsync(claim, isAttack: true).ConfigureAwait(false)
                : await rig.Thief
                    .AttackAsync(claim, rig.Junk(claim, isAttack: true, Junk))
                    .ConfigureAwait(false);
        }).ConfigureAwait(false);
        rig.ExpectStepped();
        run.Expect(
            "Whether the honest side made a step that defends",
            rig.MustHonestStep,
            rig.Game.Deeds.Any(deed =>
                deed.Intent is { Kind: PlayerActionKind.Step, IsAttack: false }));
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task PreimageAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        bool isLocal = run.Variant.Case!.StartsWith("local", StringComparison.Ordinal);
        bool isPresent = run.Variant.Case.EndsWith("-present", StringComparison.Ordinal);
        (ulong step, StepData data) =
            await FindReadAsync(run, rig, (key, _) => IsLocal(key) == isLocal).ConfigureAwait(false);
        GameClient helper = rig.Game.Actor(run.Arena.Accounts.Helper).Client;
        bool isDue = isPresent;
        await rig.DuelWithLiarAsync(FirstLie, step, async () =>
        {
            // Local data can be loaded once there is a claim about the run.
            if (isDue && rig.Last.Position.Depth > CannonRig.SplitDepth)
            {
                isDue = false;
                await rig.LoadAsync(helper, rig.Last, data).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        rig.ExpectStepped();
        run.Expect(
            "How many pre-images the player loaded",
            isPresent ? 0 : 1,
            rig.Game.Deeds.Count(deed => deed.Intent.Kind == PlayerActionKind.LoadPreimage));
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task LocalAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        int number = Array.IndexOf(LocalNames, run.Variant.Case) + 1;
        (ulong step, StepData data) = await FindReadAsync(
            run, rig, (key, _) => IsLocal(key) && key.ToArray()[^1] == number).ConfigureAwait(false);
        run.Expect("The value that the step reads", (UInt128)number, data.Preimage?.LocalNumber);
        run.Expect(
            "The first byte that the step reads", (ulong)PreimageKey.PrefixBytes, data.Preimage?.Offset);
        await PlayToAsync(run, rig, step).ConfigureAwait(false);
        run.Expect(
            "How many pre-images the player loaded",
            1,
            rig.Game.Deeds.Count(deed => deed.Intent.Kind == PlayerActionKind.LoadPreimage));
    }

    private static async Task LargePreimageAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig
            .StartAsync(run, new CannonGame { LargeTransactionBytes = LargeBytes })
            .ConfigureAwait(false);
        (ulong step, _) = await FindReadAsync(run, rig, (_, bytes) => bytes >= LargeBytes)
            .ConfigureAwait(false);
        await rig.DuelWithLiarAsync(FirstLie, step).ConfigureAwait(false);
        run.Expect(
            "Whether the player stepped before its proposal could be challenged",
            false,
            rig.Game.Deeds.Any(deed => deed.Intent.Kind == PlayerActionKind.Step));
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.LargePreimageChallengeSeconds + 1, run.Cancellation)
            .ConfigureAwait(false);
        _ = await rig.RespondAsync().ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static bool IsLocal(Bytes32 key) => PreimageKey.TypeOf(key) == PreimageKeyType.Local;

    private static async Task PlayToAsync(ScenarioRun run, CannonRig rig, UInt128 step)
    {
        await rig.DuelWithLiarAsync(FirstLie, step).ConfigureAwait(false);
        Claim deepest = rig.Game.Game.Claims.MaxBy(claim => claim.Position.Depth)!;
        UInt128 leaf = deepest.Position.RelativeTo(CannonRig.SplitDepth + 1).IndexAtDepth;
        run.Expect("Whether the dispute ends at the step", true, leaf == step || leaf + 1 == step);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    // The first read of the wanted data, in the dispute that the liar leads to: about the first output that
    // is lied about.
    private static async Task<(ulong Step, StepData Data)> FindReadAsync(
        ScenarioRun run, CannonRig rig, Func<Bytes32, int, bool> isWanted)
    {
        Bytes32 disputed = rig.IsHonestProposer
            ? await rig.OutputAsync(FirstLie).ConfigureAwait(false)
            : LyingOutputs.LieAbout(FirstLie);
        OutputDispute dispute = new(
            await rig.OutputAsync(FirstLie - 1).ConfigureAwait(false),
            Position.Root.Attack(),
            disputed,
            Position.Root.Attack().Defend());
        DisputedClaim claim = await rig.Runs.ClaimAsync(dispute, run.Cancellation).ConfigureAwait(false);
        PreimageStore store = new(rig.Options("reads").DataFolder);
        PreimageFetcher fetcher = new(run.Arena.L1.Node, run.Arena.L2.Node, claim, store);
        using SearchingOracle oracle = new(new HostOracle(claim, store, fetcher), isWanted);
        using Machine machine =
            Machine.Create(StateFile.Read(rig.Prestate), new MachineOptions { Oracle = oracle });
        RunLimits limits = new() { StopAfterPreimageRead = true, Cancellation = run.Cancellation };
        while (oracle.FoundCount <= LengthReads)
        {
            run.Expect("Why the program stopped", StopReason.PreimageRead, machine.Run(limits));
            oracle.CountRead();
        }

        IStateTrace trace = await rig.Runs.OpenAsync(dispute, run.Cancellation).ConfigureAwait(false);
        ulong step = machine.Step - 1;
        return (step, await trace.StepAsync(step, run.Cancellation).ConfigureAwait(false));
    }

    /// <summary>Counts reads of wanted data on the way to the program.</summary>
    private sealed class SearchingOracle(HostOracle oracle, Func<Bytes32, int, bool> isWanted)
        : IPreimageOracle
    {
        private bool _isFound;

        /// <summary>How often wanted data were read from.</summary>
        internal int FoundCount { get; private set; }

        public byte[] GetPreimage(ReadOnlySpan<byte> key)
        {
            byte[] data = oracle.GetPreimage(key);
            _isFound = isWanted(new Bytes32(key), data.Length);
            return data;
        }

        public void Hint(ReadOnlySpan<byte> payload) => oracle.Hint(payload);

        public void Shutdown() => oracle.Shutdown();

        public void Dispose() => oracle.Dispose();

        internal void CountRead() => FoundCount += _isFound ? 1 : 0;
    }
}
