using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>Games of the fault-proof program against opponents of many kinds.</summary>
internal static class CannonMoves
{
    private const byte InvalidStatus = 1;
    private const byte ValidStatus = 0;
    private const byte FirstJunk = 0xaa;
    private const byte SecondJunk = 0xdd;
    private const string Attack = "attack";
    private const string Defend = "defend";
    private const string Counter = "counter";
    private const string InvalidOutput = "invalid-output";
    private const string ValidOutput = "valid-output";
    private const ulong FutureBlock = 10_000_000;

    /// <summary>Odd and even depth, with the honest side as challenger.</summary>
    internal static IReadOnlyList<ScenarioVariant> AsChallenger { get; } =
        [.. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Challenger })];

    /// <summary>Odd and even depth, with the honest side as proposer.</summary>
    internal static IReadOnlyList<ScenarioVariant> AsProposer { get; } =
        [.. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Proposer })];

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "C1",
            Title = "An opponent who claims junk: above the split in attack, below it in defence",
            Proves = "The whole bisection works with the real machine, to the step on chain.",
            Variants = ScenarioVariant.DepthsAndSides,
            Options = CannonRig.OptionsOf,
            Body = JunkAsync,
        },
        new()
        {
            Id = "C2",
            Title = "An opponent who always claims 32 zeros",
            Proves = "Zeros are a claim like any other, neither missing nor agreed to.",
            Variants = ScenarioVariant.DepthsAndSides,
            Options = CannonRig.OptionsOf,
            Body = ZerosAsync,
        },
        new()
        {
            Id = "C3",
            Title = "The first claim about the program's run",
            Proves = "It has the status that the contract asks for, be the disputed output right or wrong.",
            Variants = ScenarioVariant.Cross([InvalidOutput, ValidOutput], AsChallenger),
            Options = CannonRig.OptionsOf,
            Body = FirstStateAsync,
        },
        new()
        {
            Id = "C9",
            Title = "A right root against right values in wrong places",
            Proves = "A valid proposal cannot be invalidated by right hashes, nor by any step.",
            Variants = ScenarioVariant.Cross([Attack, Defend], AsProposer),
            Options = CannonRig.OptionsOf,
            Body = RightValuesAsync,
        },
        new()
        {
            Id = "C13",
            Title = "A forged root whose proposer claims the right output at the leaf",
            Proves = "To change sides at the leaf does not save a wrong root.",
            Variants = AsChallenger,
            Options = CannonRig.OptionsOf,
            Body = ChangeAtLeafAsync,
        },
        new()
        {
            Id = "C14",
            Title = "The right root of a block whose data are not on L1",
            Proves = "What L1 does not hold cannot be proposed, however right the sequencer says it is.",
            Variants = ScenarioVariant.Cross([Attack, Defend, Counter], AsChallenger),
            Options = CannonRig.OptionsOf,
            Body = run => RefuteAsync(
                run, new CannonGame { Posted = CannonRig.LastBlock - 2, RootOfBlock = CannonRig.LastBlock }),
        },
        new()
        {
            Id = "C15",
            Title = "A root for a block that does not exist yet",
            Proves = "Such a proposal loses, whatever its proposer does.",
            Variants = ScenarioVariant.Cross([Attack, Defend, Counter], AsChallenger),
            Options = CannonRig.OptionsOf,
            Body = run => RefuteAsync(run, new CannonGame { Claimed = FutureBlock }),
        },
    ];

    private static async Task JunkAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        await rig.DuelAsync(async claim =>
        {
            bool isAttack = claim.Position.Depth <= CannonRig.SplitDepth + 1;
            byte fill = isAttack ? FirstJunk : SecondJunk;
            return await rig.Thief
                .MoveAsync(claim, isAttack, rig.Junk(claim, isAttack, fill))
                .ConfigureAwait(false);
        }).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    // Zeros are the status "valid" too, which the contract does not take everywhere: there it is set.
    private static async Task ZerosAsync(ScenarioRun run)
    {
        bool isHonestProposer = run.Variant.Honest == HonestSide.Proposer;
        using CannonRig rig = await CannonRig
            .StartAsync(run, new CannonGame { Root = isHonestProposer ? null : default(Bytes32) })
            .ConfigureAwait(false);
        await rig.DuelAsync(async claim => await rig.Thief
            .AttackAsync(claim, rig.Junk(claim, isAttack: true, fill: 0))
            .ConfigureAwait(false)).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task FirstStateAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        bool isRight = run.Variant.Case == ValidOutput;
        _ = await rig.RespondAsync().ConfigureAwait(false);
        Claim answer = rig.Last;

        // A right output at the leaf, which is to say that the honest one above it is wrong: there the
        // honest side has to show that its own output follows.
        _ = isRight
            ? await rig.Thief.MoveRightAsync(answer, isAttack: true).ConfigureAwait(false)
            : await rig.Thief
                .AttackAsync(answer, rig.Junk(answer, isAttack: true, FirstJunk))
                .ConfigureAwait(false);
        _ = await rig.RespondAsync().ConfigureAwait(false);
        rig.ExpectDeepest(CannonRig.SplitDepth + 1);
        run.Expect("Whose the last claim is", rig.Game.Honest.Address, rig.Last.Claimant);
        run.Expect(
            "The status of the last claim", isRight ? ValidStatus : InvalidStatus, rig.Last.Value.FirstByte);
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
    }

    private static async Task RightValuesAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        await rig.DuelAsync(async claim =>
        {
            bool isAttack = run.Variant.Case == Attack || claim.IsRoot;
            return await rig.Thief
                .MoveAsync(
                    claim, isAttack, await rig.RightOrFitAsync(claim, isAttack).ConfigureAwait(false))
                .ConfigureAwait(false);
        }).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.ExpectBothStepsFailAsync().ConfigureAwait(false);
        await rig.Game.FinishAsync(GameStatus.DefenderWins).ConfigureAwait(false);
    }

    private static async Task ChangeAtLeafAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig.StartAsync(run).ConfigureAwait(false);
        await rig.DuelAsync(async claim => claim.Position.Depth == CannonRig.SplitDepth - 1
            ? await rig.Thief.MoveRightAsync(claim, isAttack: true).ConfigureAwait(false)
            : await rig.Thief
                .AttackAsync(claim, rig.Junk(claim, isAttack: true, FirstJunk))
                .ConfigureAwait(false)).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
    }

    private static async Task RefuteAsync(ScenarioRun run, CannonGame game)
    {
        using CannonRig rig = await CannonRig.StartAsync(run, game).ConfigureAwait(false);
        await rig.DuelAsync(async claim =>
        {
            bool canDefend = !claim.IsRoot && claim.Position.Depth != CannonRig.SplitDepth + 1;
            bool isAttack = run.Variant.Case != Defend || !canDefend;
            Bytes32 value = run.Variant.Case == Counter
                ? await rig.RightOrFitAsync(claim, isAttack).ConfigureAwait(false)
                : rig.Junk(claim, isAttack, FirstJunk);
            return await rig.Thief.MoveAsync(claim, isAttack, value).ConfigureAwait(false);
        }).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
    }
}
