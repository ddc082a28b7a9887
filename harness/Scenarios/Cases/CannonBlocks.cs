using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>
/// Games in which it matters which L2 block a position is about. Version 1.2.0 of the game, which this arena
/// has, counts on behind the claimed block, as far as L1 held data when the game was created; later
/// versions stop there.
/// </summary>
internal static class CannonBlocks
{
    private const ulong Claimed = 3;
    private const ulong FutureBlock = 10_000;

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "C11",
            Title = "A right root, disputed behind its block",
            Proves = "Where L1 holds no later data, the last output stays, and a valid proposal stands.",
            Variants = CannonMoves.AsProposer,
            Options = CannonRig.OptionsOf,
            Body = run => BehindAsync(run, Claimed),
        },
        new()
        {
            Id = "C12",
            Title = "A forged root, disputed behind its block",
            Proves = "Where L1 holds no later data, the last output stays, and a wrong proposal falls.",
            Variants = CannonMoves.AsChallenger,
            Options = CannonRig.OptionsOf,
            Body = run => BehindAsync(run, Claimed),
        },
        new()
        {
            Id = "C16",
            Title = "The output of the newest block, claimed for a block that does not exist yet",
            Proves = "A header shows that a right output is about another block than was claimed.",
            Options = CannonRig.OptionsOf,
            Body = OtherBlockAsync,
        },
        new()
        {
            Id = "C17",
            Title = "A right root, attacked by the right outputs of later blocks",
            Proves = "In this version of the game the attack wins; the honest side sees it coming, puts up "
                + "no bond and says why. (In later ones the proposal stands.)",
            Variants = CannonMoves.AsChallenger,
            Options = CannonRig.OptionsOf,
            Body = LaterDataAsync,
        },
        new()
        {
            Id = "C18",
            Title = "A forged root, defended by the right outputs of later blocks",
            Proves = "Right outputs of later blocks do not save a wrong proposal.",
            Variants = CannonMoves.AsChallenger,
            Options = CannonRig.OptionsOf,
            Body = run => BehindAsync(run, Claimed + 1),
        },
    ];

    // The thief agrees wherever it may, with right values: that leads behind the claimed block, and to the
    // end of the program's run.
    private static async Task BehindAsync(ScenarioRun run, ulong posted)
    {
        using CannonRig rig = await CannonRig
            .StartAsync(run, new CannonGame { Claimed = Claimed, Posted = posted })
            .ConfigureAwait(false);
        await rig.DuelAsync(async claim =>
        {
            bool isAttack = claim.IsRoot || claim.Position.Depth == CannonRig.SplitDepth + 1;
            return await rig.Thief
                .MoveAsync(
                    claim, isAttack, await rig.RightOrFitAsync(claim, isAttack).ConfigureAwait(false))
                .ConfigureAwait(false);
        }).ConfigureAwait(false);
        rig.ExpectStepped();
        await rig.ExpectBothStepsFailAsync().ConfigureAwait(false);
        await rig.Game.FinishAsync(rig.DueStatus).ConfigureAwait(false);
    }

    private static async Task OtherBlockAsync(ScenarioRun run)
    {
        using CannonRig rig = await CannonRig
            .StartAsync(run, new CannonGame { Claimed = FutureBlock, RootOfBlock = CannonRig.LastBlock })
            .ConfigureAwait(false);
        _ = await rig.RespondAsync().ConfigureAwait(false);
        run.Expect(
            "What the player did",
            nameof(PlayerActionKind.ChallengeBlockNumber),
            string.Join(' ', rig.Game.Actions.Select(action => action.Intent.Kind)));
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
    }

    /// <remarks>
    /// What happens when the honest side is asked to defend: the contract tells the program to go on to
    /// block 4 at the leaf behind block 3, L1 has its data, so the program takes its output as right, and
    /// not the proposed one. Whoever believes that outputs stop at the claimed block loses its bonds: here
    /// the helper does, to the thief, by the contract's own step. The player abstains and loses nothing.
    /// </remarks>
    private static async Task LaterDataAsync(ScenarioRun run)
    {
        ArenaAccounts accounts = run.Arena.Accounts;
        using CannonRig rig = await CannonRig
            .StartAsync(run, new CannonGame
            {
                Claimed = Claimed,
                Posted = Claimed + 1,
                RootOfBlock = Claimed,
                Proposer = accounts.User,
            })
            .ConfigureAwait(false);
        GameRecord record = await rig.RespondAsync().ConfigureAwait(false);
        run.Expect("What is known about the root claim", Validity.Unknown, record.Root?.Validity);
        _ = await rig.Thief.MoveRightAsync(rig.Last, isAttack: true).ConfigureAwait(false);
        Game game = rig.Game.Game;
        Game stopping = game.WithRules(game.Rules with { CountsPastClaimedBlock = false });
        OutputTrace outputs = rig.Outputs(stopping);
        using ProgramTraces states = rig.Traces(stopping, outputs, "helper");
        Liar helper = new(
            rig.Game.Actor(accounts.Helper).Client, new GameTrace(outputs, states), rig.Preimages);
        while (await helper.AnswerAsync(run.Cancellation).ConfigureAwait(false) > 0)
        {
            _ = await rig.RespondAsync().ConfigureAwait(false);
            await AnswerRightlyAsync(run, rig).ConfigureAwait(false);
        }

        run.Expect("How many actions the honest side took", 0, rig.Game.Actions.Count);
        _ = await rig.Game.ReadAsync().ConfigureAwait(false);
        Claim deepest = rig.Last;
        run.Expect("The depth of the last claim", rig.MaxDepth, deepest.Position.Depth);
        bool isThiefs = deepest.Claimant == rig.Thief.Address;
        run.Expect(
            "Why the contract refused the helper's steps",
            isThiefs ? CannonRig.ValidStep : "",
            string.Join(' ', helper.Refusals));
        run.Expect("Whether a step refuted the last claim", !isThiefs, deepest.CounteredBy is not null);
        await rig.Game.FinishAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
    }

    // As an honest side would that fights for the contract's view.
    private static async Task AnswerRightlyAsync(ScenarioRun run, CannonRig rig)
    {
        Claim claim = rig.Last;
        bool isAttack = !await rig.IsRightAsync(claim).ConfigureAwait(false);
        if (claim.Position.Depth < rig.MaxDepth)
        {
            _ = await rig.Thief.MoveRightAsync(claim, isAttack).ConfigureAwait(false);
            return;
        }

        StepData data = await rig.Game.RightStepAsync(claim, isAttack).ConfigureAwait(false);
        await rig.LoadAsync(rig.Thief.Client, claim, data).ConfigureAwait(false);
        await rig.Thief.StepAsync(claim, isAttack, data).ConfigureAwait(false);
        run.Expect(
            "Who stepped against the last claim",
            rig.Thief.Address,
            rig.Last.CounteredBy.GetValueOrDefault());
    }
}
