using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>Games of the fault-proof program on arenas of other parameters.</summary>
internal static class CannonOthers
{
    // Sixteen blocks above the split; the levels below are as many as in the other games.
    private const int DeepSplit = 4;
    private const ulong LastOfDeep = 17;
    private const int FurtherLevels = DeepSplit - CannonRig.SplitDepth;
    private const byte Junk = 0xaa;
    private const string Permissioned = "permissioned";

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "C10",
            Title = "A forged root, and claims about it that lay out wrong states to build on",
            Proves = "The honest side leaves alone what would make it start from a wrong state.",
            Variants = CannonMoves.AsChallenger,
            Options = variant => CannonRig.OptionsOf(variant) with
            {
                SplitDepth = DeepSplit,
                MaxGameDepth = CannonRig.OptionsOf(variant).MaxGameDepth + FurtherLevels,
            },
            Body = PoisonAsync,
        },
        new()
        {
            Id = "M2",
            Title = "Games of another program than the one here",
            Proves = "A permissioned one is played as far as output roots go; of any other one is kept off.",
            Variants = [new(Permissioned), new("fault")],
            Body = OtherProgramAsync,
        },
    ];

    private static async Task PoisonAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig
            .StartAsync(run, new CannonGame { Claimed = LastOfDeep, Posted = LastOfDeep })
            .ConfigureAwait(false);
        Claim first = await rig.Thief.MoveRightAsync(rig.Last, isAttack: true).ConfigureAwait(false);
        Claim second = await rig.Thief.MoveRightAsync(first, isAttack: false).ConfigureAwait(false);
        Claim wrong = await rig.Thief
            .AttackAsync(second, rig.Junk(second, isAttack: true, Junk))
            .ConfigureAwait(false);
        Claim right = await rig.Thief.MoveRightAsync(wrong, isAttack: true).ConfigureAwait(false);
        await rig.DuelAsync(async claim => await rig.Thief
            .MoveAsync(claim, true, await rig.RightOrFitAsync(claim, isAttack: true).ConfigureAwait(false))
            .ConfigureAwait(false)).ConfigureAwait(false);
        rig.ExpectStepped();
        Game game = rig.Game.Game;
        run.Expect(
            "What argues with the wrong claim",
            $"{right.Index}",
            string.Join(' ', game.ChildrenOf(wrong).Select(claim => claim.Index)));
        run.Expect("Claims that argue with the right one on it", 0, game.ChildrenOf(right).Count());
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
    }

    private static async Task OtherProgramAsync(ScenarioRun run)
    {
        bool isPermissioned = run.Variant.Case == Permissioned;
        using CannonRig rig = await CannonRig
            .StartAsync(run, new CannonGame
            {
                Type = isPermissioned ? GameTypes.Permissioned : GameTypes.Fault,
                Proposer = run.Arena.Accounts.Proposer,
            })
            .ConfigureAwait(false);
        GameRecord record = await rig.RespondAsync().ConfigureAwait(false);
        if (isPermissioned)
        {
            run.Expect("How many moves the player made", 1, rig.Game.Actions.Count);
            await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
            return;
        }

        run.Expect("How many actions the player took", 0, rig.Game.Actions.Count);
        run.ExpectOutcome(PlayerPhase.Refused, record.Phase);
    }
}
