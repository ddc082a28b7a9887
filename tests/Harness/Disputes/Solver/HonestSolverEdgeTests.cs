using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Values;
using Xunit;
using static Culverin.Harness.Tests.Disputes.Solver.HonestSolverTests;

namespace Culverin.Harness.Tests.Disputes.Solver;

/// <summary>
/// The solver's rules one by one, where no game that is played well shows them: most are a second line behind
/// another rule or the contract.
/// </summary>
public sealed class HonestSolverEdgeTests
{
    [Fact]
    public async Task What_the_own_account_claimed_once_is_not_countered()
    {
        GameRules rules = Rules(2, 6);
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
        Assert.Null(game.Move(0, Bytes32.Keccak256("an older release"u8), true, Honest, rules.Bonds[1]));
        Assert.Null(game.Move(0, Bytes32.Keccak256("a freeloader"u8), true, Freeloader, rules.Bonds[1]));
        GamePlan plan = await HonestSolverTests.Solver(world, game).PlanAsync(game.Snapshot());
        Assert.Equal([0, 2], plan.Actions.Select(action => action.Against.Index).Order());
        Assert.Contains("our own", plan.Abstentions.Single().Reason, StringComparison.Ordinal);
    }

    /// <remarks>
    /// Where all answers fit together, nothing wrong can be built on: every claim above is an honest one or
    /// was defended. So the rule is seen where a node says one thing first and then another.
    /// </remarks>
    [Fact]
    public async Task Nothing_is_built_on_what_a_node_said_before_it_changed_its_mind()
    {
        GameRules rules = Rules(2, 6);
        List<GamePlan> plans = [];
        for (int count = 1; count < 20; count++)
        {
            ToyWorld world = new(2, rules.ExecutionDepth, 104, 110);
            SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
            Assert.Null(game.Move(0, world.OutputAt(new Position(2)), true, Honest, rules.Bonds[1]));
            Assert.Null(game.Move(1, default, false, Dishonest, rules.Bonds[2]));
            HonestSolver solver = HonestSolverTests.Solver(world, game);
            world.AnswersUntilOther = count;
            plans.Add(await solver.PlanAsync(game.Snapshot()));
        }

        Assert.Contains(plans, plan => plan.Abstentions.Any(each =>
            each.Reason.Contains("would build on claim 1", StringComparison.Ordinal)));
        Assert.Contains(plans, plan => plan.Actions.Any(action => action.Against.Index == 2));
    }

    [Fact]
    public async Task A_run_that_does_not_end_is_not_claimed()
    {
        GameRules rules = Rules(2, 6);
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
        HonestSolver solver = HonestSolverTests.Solver(world, game);
        Assert.Null(game.Move(0, world.OutputAt(new Position(2)), true, Honest, rules.Bonds[1]));
        Assert.Null(game.Move(1, default, true, Dishonest, rules.Bonds[2]));
        Assert.Single((await solver.PlanAsync(game.Snapshot())).Actions);
        world.IsEndless = true;
        GamePlan plan = await solver.PlanAsync(game.Snapshot());
        Assert.Empty(plan.Actions);
        Assert.Contains("ends with status 3", plan.Abstentions.Single().Reason, StringComparison.Ordinal);
    }

    // The contract takes no such claim, since its status does not fit; nor would it take the defence.
    [Fact]
    public async Task The_first_claim_about_a_run_is_not_defended()
    {
        GameRules rules = Rules(2, 6);
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        SimulatedGame game =
            new(world, rules, world.OutputAt(Position.Root), Honest) { ClaimedBlock = 104 };
        Assert.Null(game.Move(0, default, true, Dishonest, rules.Bonds[1]));
        Assert.Null(game.Move(1, world.OutputAt(new Position(4)), true, Honest, rules.Bonds[2]));
        Game before = game.Snapshot();
        Claim leaf = before.Claims[^1];
        Claim first = leaf with
        {
            Index = 3,
            ParentIndex = leaf.Index,
            Position = leaf.Position.Attack(),
            Value = world.StateAt(before.DisputeBelow(leaf, isAttack: true), 1ul << rules.ExecutionDepth),
            Claimant = Dishonest,
        };
        GamePlan plan = await HonestSolverTests.Solver(world, game)
            .PlanAsync(before.WithClaims([.. before.Claims, first]));
        Assert.Empty(plan.Actions);
        Assert.Contains("lets nobody defend", plan.Abstentions.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_that_is_shown_to_be_about_another_block_is_left_alone()
    {
        GameRules rules = Rules(2, 6);
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        Game open = new SimulatedGame(world, rules, default, Dishonest) { ClaimedBlock = 104 }.Snapshot();
        Game refuted = new(rules, open.Claims)
        {
            Status = open.Status,
            TimestampSeconds = open.TimestampSeconds,
            StartingBlock = open.StartingBlock,
            StartingRoot = open.StartingRoot,
            ClaimedBlock = open.ClaimedBlock,
            BlockNumberChallenger = Freeloader,
        };
        foreach (Game game in new[] { open, refuted })
        {
            HonestSolver solver = new(new GameTrace(new OutputTrace(world, game), world), Honest);
            Assert.Equal(game == open ? 1 : 0, (await solver.PlanAsync(game)).Actions.Count);
        }
    }

    [Fact]
    public async Task A_step_that_begins_elsewhere_is_not_made()
    {
        GameRules rules = Rules(2, 6);
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
        HonestSolver solver = HonestSolverTests.Solver(world, game);
        await DescendAsync(world, game, rules, isEndRight: false);
        Assert.IsType<IntendedStep>(Assert.Single((await solver.PlanAsync(game.Snapshot())).Actions));
        world.IsConfused = true;
        GamePlan plan = await solver.PlanAsync(game.Snapshot());
        Assert.Empty(plan.Actions);
        Assert.Contains("The step begins with state", plan.Abstentions.Single().Reason);
    }

    /// <remarks>As in the test about what is built on: seen where a node contradicts itself.</remarks>
    [Fact]
    public async Task A_step_that_would_fail_is_not_made()
    {
        GameRules rules = Rules(2, 6);
        List<GamePlan> plans = [];
        for (int count = 1; count < 60; count++)
        {
            ToyWorld world = new(2, rules.ExecutionDepth, 104, 110);
            SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
            await DescendAsync(world, game, rules, isEndRight: true);
            HonestSolver solver = HonestSolverTests.Solver(world, game);
            world.AnswersUntilOther = count;
            plans.Add(await solver.PlanAsync(game.Snapshot()));
        }

        Assert.Contains(plans, plan => plan.Abstentions.Any(each =>
            each.Reason.StartsWith("A step would not refute it", StringComparison.Ordinal)));
        Assert.Contains(plans, plan => plan.Actions.OfType<IntendedStep>().Any(step => !step.IsAttack));
    }

    // Down to the last level, where the dishonest side's claim is right or junk as all above it.
    private static async Task DescendAsync(
        ToyWorld world, SimulatedGame game, GameRules rules, bool isEndRight)
    {
        HonestSolver solver = HonestSolverTests.Solver(world, game);
        while (game.Claims[^1] is var last && last.Position.Depth < rules.MaxDepth)
        {
            Game now = game.Snapshot();
            int depth = last.Position.Depth + 1;
            if (last.Claimant == Honest)
            {
                byte[] junk = Bytes32.Keccak256([(byte)depth]).ToArray();
                junk[0] = 1;
                Bytes32 value = isEndRight && depth == rules.MaxDepth
                    ? await new GameTrace(new OutputTrace(world, now), world)
                        .CounterValueAsync(now, last, isAttack: true)
                    : new Bytes32(junk);
                Assert.Null(game.Move(last.Index, value, true, Dishonest, rules.Bonds[depth]));
                continue;
            }

            IntendedMove move = (await solver.PlanAsync(now)).Actions.OfType<IntendedMove>().Single();
            Assert.Null(game.Move(move.Against.Index, move.Value, move.IsAttack, Honest, move.Cost));
        }
    }
}
