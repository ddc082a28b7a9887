using Culverin.Embed;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Harness.Scenarios.Cases;

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
    private const string ForgedCase = "keccak-forged";
    private const int RightLevels = 3;
    private const byte ValidStatus = 0;
    private const byte InvalidStatus = 1;

    // EIP-4844: the answer is two words, behind a byte for success.
    private const byte PointEvaluationContract = 0x0a;
    private const int PointEvaluationAnswerBytes = 1 + (2 * Bytes32.SizeBytes);
    private const byte PointAtInfinity = 0xc0;

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
            Variants =
            [
                .. ScenarioVariant.Cross(
                    ["keccak", "keccak-present", ForgedCase, "local", "local-present"], Stepping),
                .. ScenarioVariant.Cross(["precompile"], Stepping),
                .. ScenarioVariant.Cross(
                    ["sha256", "blob-present", "precompile-present"], [Stepping[1]]),
                Stepping[0] with { Case = "blob" },
            ],
            Options = OptionsOfPreimage,
            Body = run => PreimageAsync(
                run, new CannonGame { InBlobs = IsOfBlobs(KindOf(run.Variant)) }, WantedBy(run.Variant)),
        },
        new()
        {
            Id = "C8",
            Title = "The disputed step reads what the KZG point evaluation answered an L2 transaction",
            Proves = "The oracle contract runs the precompiled contract itself, and says the same.",
            Variants =
                [Stepping[1] with { Case = "absent" }, Stepping[0] with { Case = "answer-present" }],
            Options = CannonRig.OptionsOf,
            Body = run => PreimageAsync(
                run,
                new CannonGame { Question = PointEvaluation() },
                (key, bytes) => OracleKey.TypeOf(key) == PreimageKeyType.Precompile
                    && bytes == PointEvaluationAnswerBytes),
        },
        new()
        {
            Id = "C19",
            Title = "The agreed block is the first with L1 origin 1",
            Proves = "Where derivation begins at L1's first blocks, the program decides as elsewhere.",
            Variants = [Stepping[0]],
            Options = CannonRig.OptionsOf,
            Body = EarlyOriginAsync,
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
            rig.Game.Actions.Any(action =>
                action.Intent is { Kind: PlayerActionKind.Step, IsAttack: false }));
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task PreimageAsync(
        ScenarioRun run, CannonGame wanted, Func<Bytes32, int, bool> isWanted)
    {
        using CannonRig rig = await CannonRig.StartAsync(run, wanted).ConfigureAwait(false);
        bool isPresent = run.Variant.Case!.EndsWith("-present", StringComparison.Ordinal);
        (ulong step, StepData data) = await FindReadAsync(run, rig, isWanted).ConfigureAwait(false);
        if (run.Variant.Case == ForgedCase)
        {
            PreimageForger thief = new(run, run.Arena.OnL1(run.Arena.Accounts.Thief));
            await thief.OverwriteAsync(data.Preimage!).ConfigureAwait(false);
        }

        GameClient helper = rig.Game.Actor(run.Arena.Accounts.Helper).Client;
        bool isDue = isPresent;
        await rig.DuelWithLiarAsync(FirstLie, step, async () =>
        {
            // Local data can be loaded once there is a claim about the run.
            if (isDue && rig.Last.Position.Depth > rig.Game.Game.Rules.SplitDepth)
            {
                isDue = false;
                await rig.LoadAsync(helper, rig.Last, data).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        rig.ExpectStepped();
        run.Expect(
            "How many pre-images the player loaded",
            isPresent ? 0 : 1,
            rig.Game.Actions.Count(action => action.Intent.Kind == PlayerActionKind.LoadPreimage));
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task EarlyOriginAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        ulong agreed = rig.Game.Game.StartingBlock;
        while (await OriginOfAsync(run, agreed).ConfigureAwait(false) < 1)
        {
            agreed++;
        }

        run.Expect("Whether there is a later block", true, agreed < CannonRig.LastBlock);
        await rig.DuelWithLiarAsync(agreed + 1, MiddleStep).ConfigureAwait(false);
        Claim first = rig.Game.Game.Claims.First(claim =>
            claim.Position.Depth == rig.Game.Game.Rules.SplitDepth + 1);
        OutputDispute dispute = rig.Game.Game.DisputeAround(first);
        bool isRight = dispute.Disputed == await rig.OutputAsync(agreed + 1).ConfigureAwait(false);
        run.Expect("Who made the first claim about a run", rig.Game.Honest.Address, first.Claimant);
        run.Expect("Its status", isRight ? ValidStatus : InvalidStatus, first.Value.FirstByte);

        // Whichever side's output the game is about: the program knows what a made-up one is, too.
        OutputDispute junk = dispute with { Disputed = LyingOutputs.LieAbout(agreed + 1) };
        DisputedClaim claim = await rig.Runs.ClaimAsync(junk, run.Cancellation).ConfigureAwait(false);
        using HostOracle oracle = rig.Serve(claim, "junk");
        using IEngineMachine machine =
            ManagedEngine.Instance.LoadState(rig.Prestate, CheckedSource.Connect(oracle));
        run.Expect("How the program ends", StopReason.Exited, machine.Run(new RunLimits()));
        run.Expect("What it says about junk", InvalidStatus, machine.Describe().ExitCode);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    // The L1 block that an L2 block belongs to.
    private static async Task<ulong> OriginOfAsync(ScenarioRun run, ulong block) =>
        (await run.Arena.Predeploys.L1Block
            .ReadAsync(new L1Block.NumberFunction(), block, run.Cancellation)
            .ConfigureAwait(false)).Value;

    // Commitment and proof are the point at infinity, as those of a blob of zeros, whose value is 0
    // everywhere (EIP-4844: versioned hash, point, value, commitment, proof).
    private static PrecompileQuestion PointEvaluation()
    {
        byte[] infinity = new byte[Blob.CommitmentBytes];
        infinity[0] = PointAtInfinity;
        byte[] point = Bytes32.FromInteger(7).ToArray();
        byte[] hash = Blob.VersionedHashOf(infinity).ToArray();
        byte[] input = [.. hash, .. point, .. new byte[Bytes32.SizeBytes], .. infinity, .. infinity];
        return new PrecompileQuestion(PointEvaluationContract, input);
    }

    private static string KindOf(ScenarioVariant variant) => variant.Case!.Split('-')[0];

    private static bool IsOfBlobs(string kind) => kind is "sha256" or "blob";

    // With blobs the program makes more steps than the other games have leaves.
    private static ArenaOptions OptionsOfPreimage(ScenarioVariant variant) => IsOfBlobs(KindOf(variant))
        ? CannonRig.DeepOptionsOf(variant)
        : CannonRig.OptionsOf(variant);

    private static Func<Bytes32, int, bool> WantedBy(ScenarioVariant variant) => KindOf(variant) switch
    {
        "local" => (key, _) => IsLocal(key),
        "sha256" => (key, _) => OracleKey.TypeOf(key) == PreimageKeyType.Sha256,
        "blob" => (key, _) => OracleKey.TypeOf(key) == PreimageKeyType.Blob,
        "precompile" => (key, _) => OracleKey.TypeOf(key) == PreimageKeyType.Precompile,
        _ => (key, bytes) => !IsLocal(key) && bytes >= KeccakSponge.BlockBytes,
    };

    private static async Task LocalAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        int number = Array.IndexOf(LocalNames, run.Variant.Case) + 1;
        (ulong step, StepData data) = await FindReadAsync(
            run, rig, (key, _) => IsLocal(key) && key.ToArray()[^1] == number).ConfigureAwait(false);
        run.Expect("The value that the step reads", (UInt128)number, data.Preimage?.LocalNumber);
        run.Expect(
            "The first byte that the step reads", (ulong)OracleKey.PrefixBytes, data.Preimage?.Offset);
        await PlayToAsync(run, rig, step).ConfigureAwait(false);
        run.Expect(
            "How many pre-images the player loaded",
            1,
            rig.Game.Actions.Count(action => action.Intent.Kind == PlayerActionKind.LoadPreimage));
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
            rig.Game.Actions.Any(action => action.Intent.Kind == PlayerActionKind.Step));
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.LargePreimageChallengeSeconds + 1, run.Cancellation)
            .ConfigureAwait(false);
        _ = await rig.RespondAsync().ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static bool IsLocal(Bytes32 key) => OracleKey.TypeOf(key) == PreimageKeyType.Local;

    private static async Task PlayToAsync(ScenarioRun run, CannonRig rig, UInt128 step)
    {
        await rig.DuelWithLiarAsync(FirstLie, step).ConfigureAwait(false);
        Claim deepest = rig.Game.Game.Claims.MaxBy(claim => claim.Position.Depth)!;
        UInt128 leaf = deepest.Position.RelativeTo(rig.Game.Game.Rules.SplitDepth + 1).IndexAtDepth;
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
        Position agreed = new(UInt128.One << (rig.Game.Game.Rules.SplitDepth - 1));
        OutputDispute dispute = new(
            await rig.OutputAsync(FirstLie - 1).ConfigureAwait(false), agreed, disputed, agreed.Defend());
        DisputedClaim claim = await rig.Runs.ClaimAsync(dispute, run.Cancellation).ConfigureAwait(false);
        using SearchingOracle oracle = new(rig.Serve(claim, "reads"), isWanted);
        using IEngineMachine machine =
            ManagedEngine.Instance.LoadState(rig.Prestate, CheckedSource.Connect(oracle));
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
