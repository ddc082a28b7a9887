using System.Numerics;
using System.Text;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>The judge of solvers is judged: each single rule that a solver breaks is noticed.</summary>
public sealed class SolverRulesTests
{
    private const int Letter = 96;
    private const int SplitDepth = 2;
    private const int MaxDepth = 6;

    private static readonly Address Honest = Address.OfCreated(default, 1);
    private static readonly Address Thief = Address.OfCreated(default, 2);

    /// <summary>For each rule a solver that is honest but for that rule.</summary>
    public static TheoryData<string> Rules =>
    [
        SolverRules.ParentMustExist,
        SolverRules.OnlyStepAtMaxDepth,
        SolverRules.OnlyMoveBeforeMaxDepth,
        SolverRules.DoNotDuplicateExistingMoves,
        SolverRules.DoNotStepAlreadyCounteredClaims,
        SolverRules.DoNotDefendRootClaim,
        SolverRules.AvoidPoisonedPrestate,
        SolverRules.DetectPoisonedStepPrestate,
        SolverRules.DetectFailedStep,
        SolverRules.DoNotCounterSelf,
    ];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task A_solver_that_breaks_one_rule_is_caught(string rule)
    {
        // The games in which the fault can show at all; most of them are played well beside it.
        int caught = 0;
        foreach (int claimCount in Enumerable.Range(1, MaxDepth + 1))
        {
            foreach (bool isRightBelow in new[] { true, false })
            {
                Game game = await GameAsync(claimCount, isRightBelow);
                IReadOnlyList<IntendedAction> honest = await PlanAsync(game);
                foreach (IntendedAction action in honest)
                {
                    Assert.Empty(await CheckAsync(game, action));
                }

                foreach ((Game broken, IntendedAction action) in Break(rule, game, honest))
                {
                    Assert.Equal([rule], await CheckAsync(broken, action));
                    caught++;
                }
            }
        }

        Assert.True(caught > 0, "The fault never showed.");
    }

    [Fact]
    public async Task The_right_answers_were_there_to_be_broken()
    {
        int moves = 0;
        int steps = 0;
        foreach (int claimCount in Enumerable.Range(1, MaxDepth + 1))
        {
            foreach (IntendedAction action in await PlanAsync(await GameAsync(claimCount, true)))
            {
                moves += action is IntendedMove ? 1 : 0;
                steps += action is IntendedStep ? 1 : 0;
            }
        }

        Assert.Equal((3, 1), (moves, steps));
    }

    // What a solver with this fault would do instead of, or besides, the honest actions; where the fault
    // cannot show in that game, in one that differs in a claim.
    private static IEnumerable<(Game Game, IntendedAction Action)> Break(
        string rule, Game game, IReadOnlyList<IntendedAction> honest)
    {
        IEnumerable<IntendedMove> moves = honest.OfType<IntendedMove>();
        IEnumerable<IntendedStep> steps = honest.OfType<IntendedStep>();
        return rule switch
        {
            SolverRules.ParentMustExist => honest.SelectMany(action => new[]
            {
                (game, action with { Against = action.Against with { Index = game.Claims.Count } }),
                (game, action with { Against = action.Against with { Value = default } }),
            }),
            SolverRules.OnlyStepAtMaxDepth => moves.Select(move =>
                (game, (IntendedAction)new IntendedStep(move.Against, move.IsAttack, Nothing(), ""))),
            SolverRules.OnlyMoveBeforeMaxDepth => steps.Select(step =>
                (game, (IntendedAction)new IntendedMove(step.Against, step.IsAttack, default, 0, ""))),
            SolverRules.DoNotDuplicateExistingMoves => game.Claims
                .Where(claim => claim.Claimant == Honest)
                .Select(claim => (game, (IntendedAction)MoveTo(game, claim))),
            SolverRules.DoNotStepAlreadyCounteredClaims => steps.Select(step =>
                (Replace(game, step.Against with { CounteredBy = Thief }), (IntendedAction)step)),
            SolverRules.DoNotDefendRootClaim => moves
                .Where(move => move.Against.IsRoot)
                .Select(move => (RightRoot(game), move))
                .Select(each => (each.Item1, (IntendedAction)(each.move with
                {
                    Against = each.Item1.Root,
                    IsAttack = false,
                }))),
            SolverRules.AvoidPoisonedPrestate => moves
                .Where(move => move.IsAttack && !move.Against.IsRoot)
                .Select(move => (game, (IntendedAction)(move with { IsAttack = false }))),
            SolverRules.DetectPoisonedStepPrestate => steps
                .Where(step => step.IsAttack)
                .Select(step => (game, (IntendedAction)(step with { IsAttack = false }))),
            SolverRules.DetectFailedStep => steps
                .Where(step => !step.IsAttack)
                .Select(step => (game, (IntendedAction)(step with { IsAttack = true }))),
            _ => game.Claims
                .Where(claim => claim.Claimant == Honest)
                .Select(claim => (game, (IntendedAction)new IntendedMove(claim, true, default, 0, ""))),
        };
    }

    private static Game Replace(Game game, Claim changed) =>
        Make([.. game.Claims.Select(claim => claim.Index == changed.Index ? changed : claim)]);

    private static Game RightRoot(Game game) =>
        Replace(game, game.Root with { Value = TruthAsync(game, game.Root).Result });

    private static IntendedMove MoveTo(Game game, Claim claim)
    {
        Claim parent = game.ParentOf(claim)!;
        return new IntendedMove(
            parent, claim.Position == parent.Position.Attack(), claim.Value, claim.Bond, "");
    }

    private static StepData Nothing() => new(default, default, null);

    // A forged root and its dispute down one line, of which the first claims are there.
    private static async Task<Game> GameAsync(int claimCount, bool isRightBelow)
    {
        Game game = Make([Root()]);
        while (game.Claims.Count < claimCount)
        {
            Claim last = game.Claims[^1];
            bool isThief = last.Claimant == Honest;
            bool isAttack = isThief || (await TruthAsync(game, last)) != last.Value;
            bool isJunk = isThief && (!isRightBelow || last.Position.Depth <= SplitDepth);
            Bytes32 value = isJunk
                ? Junk(game.Claims.Count)
                : await Trace(game).CounterValueAsync(game, last, isAttack);
            Position position = last.Position.Move(isAttack);
            game = Make(
            [
                .. game.Claims,
                new Claim
                {
                    Index = game.Claims.Count,
                    ParentIndex = last.Index,
                    Position = position,
                    Value = value,
                    Claimant = isThief ? Thief : Honest,
                    Bond = game.Rules.Bonds[position.Depth],
                },
            ]);
        }

        return game;
    }

    private static Claim Root() => new()
    {
        Index = 0,
        ParentIndex = null,
        Position = Position.Root,
        Value = Junk(0),
        Claimant = Thief,
    };

    private static Bytes32 Junk(int number) => Bytes32.FromInteger((BigInteger.One << 248) + number);

    private static Game Make(IReadOnlyList<Claim> claims) => new(
        new GameRules
        {
            MaxDepth = MaxDepth,
            SplitDepth = SplitDepth,
            MaxClockSeconds = 1_000,
            ClockExtensionSeconds = 0,
            AbsolutePrestate = AlphabetTrace.PrestateHash(Letter),
            Bonds = [.. Enumerable.Repeat(BigInteger.One, MaxDepth + 1)],
        },
        claims)
    {
        StartingBlock = 1,
        ClaimedBlock = 4,
    };

    private static GameTrace Trace(Game game) =>
        new(new OutputTrace(new Outputs(), game), new AlphabetTraces(Letter, game));

    private static Task<Bytes32> TruthAsync(Game game, Claim claim) =>
        Trace(game).RightValueAsync(game, claim);

    private static async Task<IReadOnlyList<IntendedAction>> PlanAsync(Game game) =>
        (await new HonestSolver(Trace(game), Honest).PlanAsync(game)).Actions;

    private static Task<IReadOnlyList<string>> CheckAsync(Game game, IntendedAction action) =>
        new SolverRules(new TraceTruth(Trace(game)), Honest).CheckAsync(game, action);

    private sealed class Outputs : IOutputSource
    {
        public Task<Bytes32> OutputAtAsync(ulong block, CancellationToken cancellation = default) =>
            Task.FromResult(Bytes32.Keccak256(Encoding.UTF8.GetBytes($"block {block}")));

        public Task<ulong> LastBlockAsync(Bytes32 l1Head, CancellationToken cancellation = default) =>
            Task.FromResult(4ul);
    }
}
