using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Values;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Disputes.Solver;

/// <summary>Random games of dishonest players against the honest solver, judged by ten rules.</summary>
public sealed class HonestSolverTests(ITestOutputHelper output)
{
    private const int ClaimsMax = 150;
    private const int RoundsMax = 200;
    private const int GameCount = 10;

    internal static readonly Address Honest = Address.Parse("0x00000000000000000000000000000000000000a1");
    internal static readonly Address Dishonest = Address.Parse("0x00000000000000000000000000000000000000b2");
    internal static readonly Address Freeloader = Address.Parse("0x00000000000000000000000000000000000000c3");

    [Theory]
    [InlineData(2, 5, true)]
    [InlineData(2, 5, false)]
    [InlineData(2, 6, true)]
    [InlineData(2, 6, false)]
    [InlineData(3, 7, true)]
    [InlineData(3, 7, false)]
    [InlineData(3, 8, true)]
    [InlineData(3, 8, false)]
    [InlineData(4, 11, true)]
    [InlineData(4, 11, false)]
    public async Task The_honest_side_wins_and_loses_no_bond(int splitDepth, int maxDepth, bool isRootRight)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        int steps = 0;
        int claims = 0;
        for (int number = 0; number < GameCount; number++)
        {
            Random random = new(seed + number);
            GameRules rules =
                Rules(splitDepth, maxDepth) with { CountsPastClaimedBlock = random.Next(2) == 0 };
            ulong claimed = RandomBlock(rules, random);
            ulong last = isRootRight ? claimed : RandomBlock(rules, random);
            ToyWorld world = World(rules, claimed, last);
            Bytes32 root = isRootRight
                ? world.OutputAt(Position.Root)
                : ToyWorld.Output((ulong)random.Next((int)ToyWorld.StartingBlock));
            Address proposer = isRootRight ? Honest : Dishonest;
            SimulatedGame game = new(world, rules, root, proposer) { ClaimedBlock = claimed };
            string label = $"seed {seed + number}";
            await PlayAsync(world, game, rules, random, label);
            RequireVictory(game, isRootRight, label);
            steps += game.Claims.Count(claim =>
                claim.Position.Depth == maxDepth && claim.CounteredBy == Honest);
            claims += game.Claims.Count;
        }

        output.WriteLine($"{claims} claims, {steps} refuted by steps of the honest side");
        Assert.True(steps > 0);
    }

    /// <remarks>
    /// As the contract counts on behind the claimed block, its position is about a later block.
    /// </remarks>
    [Theory]
    [InlineData(2, 5)]
    [InlineData(2, 6)]
    [InlineData(3, 8)]
    public async Task Defending_a_right_root_that_the_contract_takes_as_wrong_costs_no_bond(
        int splitDepth, int maxDepth)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        GameRules rules = Rules(splitDepth, maxDepth) with { CountsPastClaimedBlock = true };
        ulong blocks = 1ul << splitDepth;
        int wins = 0;
        int answers = 0;
        for (int number = 0; number < GameCount; number++)
        {
            Random random = new(seed + number);
            ulong claimed = ToyWorld.StartingBlock + 1 + (ulong)random.Next((int)blocks - 1);
            ulong last = claimed + 1 + (ulong)random.Next(3);
            ToyWorld world = World(rules, claimed, last);
            SimulatedGame game =
                new(world, rules, ToyWorld.Output(claimed), Dishonest) { ClaimedBlock = claimed };
            GamePlan plan = await Solver(world, game).PlanAsync(game.Snapshot());
            Assert.Equal(Validity.Unknown, plan.Root.Validity);
            Assert.Empty(plan.Actions);
            string label = $"seed {seed + number}";
            await PlayAsync(world, game, rules, random, label);
            GameForecast forecast = GameForecast.Of(game.Snapshot());
            game.Resolve();
            RequireNoLoss(game, forecast, label);
            wins += game.Status == GameStatus.DefenderWins ? 1 : 0;
            answers += game.Claims.Count(claim => claim.Claimant == Honest);
        }

        output.WriteLine($"{answers} answers, {wins} of {GameCount} roots stand all the same");
        Assert.True(answers > 0);
    }

    [Fact]
    public async Task What_is_not_known_costs_nothing()
    {
        GameRules rules = Rules(2, 6);
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
        HonestSolver solver = Solver(world, game);
        world.IsSilent = true;
        GamePlan plan = await solver.PlanAsync(game.Snapshot());
        Assert.Equal(Validity.Unknown, plan.Root.Validity);
        Assert.Empty(plan.Actions);
        Assert.Contains("does not answer", plan.Abstentions.Single().Reason, StringComparison.Ordinal);
        world.IsSilent = false;
        plan = await solver.PlanAsync(game.Snapshot());
        Assert.Equal(Validity.Invalid, plan.Root.Validity);
        Assert.Equal(rules.Bonds[1], plan.Actions.Single().Cost);
    }

    [Fact]
    public async Task Another_program_than_the_games_is_not_trusted()
    {
        GameRules rules = Rules(2, 6) with { AbsolutePrestate = Bytes32.Keccak256("other"u8) };
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
        Assert.Null(game.Move(0, world.OutputAt(new Position(2)), true, Honest, rules.Bonds[1]));
        Assert.Null(game.Move(1, default, true, Dishonest, rules.Bonds[2]));
        GamePlan plan = await Solver(world, game).PlanAsync(game.Snapshot());
        Assert.Empty(plan.Actions);
        Assert.Contains("begins with state", plan.Abstentions.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_moves_once_the_time_is_over()
    {
        GameRules rules = Rules(2, 6);
        ToyWorld world = new(2, rules.ExecutionDepth, 104, 104);
        SimulatedGame game = new(world, rules, default, Dishonest) { ClaimedBlock = 104 };
        game.Now += rules.MaxClockSeconds - 1;
        Assert.Single((await Solver(world, game).PlanAsync(game.Snapshot())).Actions);
        game.Now++;
        GamePlan plan = await Solver(world, game).PlanAsync(game.Snapshot());
        Assert.Empty(plan.Actions);
        Assert.Single(plan.Abstentions);
        Assert.Equal("ClockTimeExceeded", game.Move(0, default, true, Honest, rules.Bonds[1]));
    }

    internal static GameRules Rules(int splitDepth, int maxDepth) => new()
    {
        MaxDepth = maxDepth,
        SplitDepth = splitDepth,
        MaxClockSeconds = 1_000_000,
        ClockExtensionSeconds = 30,
        AbsolutePrestate = ToyWorld.AbsolutePrestate,
        Bonds = [.. Enumerable.Range(0, maxDepth + 1).Select(depth => BigInteger.Pow(3, depth))],
    };

    internal static HonestSolver Solver(ToyWorld world, SimulatedGame game) =>
        new(new GameTrace(new OutputTrace(world, game.Snapshot()), world), Honest);

    private static ulong RandomBlock(GameRules rules, Random random) =>
        ToyWorld.StartingBlock + 1 + (ulong)random.Next(1 << rules.SplitDepth);

    private static ToyWorld World(GameRules rules, ulong claimed, ulong last) => new(
        rules.SplitDepth,
        rules.ExecutionDepth,
        rules.CountsPastClaimedBlock ? ulong.MaxValue : claimed,
        last);

    private static async Task PlayAsync(
        ToyWorld world, SimulatedGame game, GameRules rules, Random random, string label)
    {
        HonestSolver solver = Solver(world, game);
        SolverRules judge = new(new ToyTruth(world, game, rules), Honest);
        Adversary[] adversaries =
        [
            new(world, game, rules, Dishonest, random), new(world, game, rules, Freeloader, random),
        ];
        for (int round = 0; round < RoundsMax && game.Claims.Count < ClaimsMax; round++)
        {
            foreach (Adversary adversary in adversaries)
            {
                for (int count = random.Next(6); count > 0; count--)
                {
                    adversary.Act();
                    game.Now++;
                }
            }

            await AnswerAsync(solver, game, judge, random, label);
        }

        foreach (Adversary adversary in adversaries)
        {
            adversary.TryAllSteps();
        }

        while (await AnswerAsync(solver, game, judge, random, label))
        {
            game.Now++;
        }
    }

    // Not always at once: others may come first.
    private static async Task<bool> AnswerAsync(
        HonestSolver solver, SimulatedGame game, SolverRules judge, Random random, string label)
    {
        GamePlan plan = await solver.PlanAsync(game.Snapshot());
        foreach (IntendedAction action in plan.Actions.Take(1 + random.Next(plan.Actions.Count + 1)))
        {
            Assert.True(
                (await judge.CheckAsync(game.Snapshot(), action)) is [], $"{label}: {action} breaks a rule");
            string? error = action switch
            {
                IntendedStep step =>
                    game.Step(step.Against.Index, step.IsAttack, step.Data.Prestate.Span, Honest),
                IntendedMove move =>
                    game.Move(move.Against.Index, move.Value, move.IsAttack, Honest, move.Cost),
                _ => "no such action",
            };
            Assert.True(error is null, $"{label}: a step failed, or a move was refused: {error}");
            game.Now++;
        }

        return plan.Actions.Count > 0;
    }

    private static void RequireVictory(SimulatedGame game, bool isRootRight, string label)
    {
        GameForecast forecast = GameForecast.Of(game.Snapshot());
        game.Resolve();
        Assert.Equal(game.Status, forecast.Status);
        Assert.Equal(game.Claims.Select(claim => claim.CounteredBy), forecast.CounteredBy);
        Assert.Equal(
            game.Credits.OrderBy(pair => pair.Key.ToString()),
            forecast.Credits.OrderBy(pair => pair.Key.ToString()));
        GameStatus due = isRootRight ? GameStatus.DefenderWins : GameStatus.ChallengerWins;
        Assert.True(game.Status == due, label);
        RequireNoLoss(game, forecast, label);
    }

    private static void RequireNoLoss(SimulatedGame game, GameForecast forecast, string label)
    {
        Claim[] ours = [.. game.Claims.Where(claim => claim.Claimant == Honest)];
        Assert.All(ours, claim => Assert.True(claim.CounteredBy is null, $"{label}: lost {claim}"));
        BigInteger bonds = ours.Aggregate(BigInteger.Zero, (sum, claim) => sum + claim.Bond);
        Assert.True(forecast.Credits.GetValueOrDefault(Honest) >= bonds, label);
    }
}
