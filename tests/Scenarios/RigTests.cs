using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>The rig notices what an honest account does wrong, and a game that ends wrongly.</summary>
public sealed class RigTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    private const int Letter = 96;
    private const ulong ClaimedBlock = 4;

    [L2NodeFact]
    public async Task A_game_played_well_breaks_nothing()
    {
        ScenarioResult result = await PlayAsync((_, _) => Task.CompletedTask, GameStatus.ChallengerWins);
        Assert.True(result.Held, ScenarioJson.Line(result));
        Assert.Equal(result.Ledger!.BondsIn, result.Ledger.BondsOut);
    }

    [L2NodeFact]
    public async Task A_move_that_builds_on_a_wrong_claim_is_noticed()
    {
        ScenarioResult result = await PlayAsync(
            async (rig, wrong) =>
            {
                // The honest side's account, but not its player: the defence says that junk is right.
                byte[] value = Junk(9).ToArray();
                value[0] = 0;
                _ = await rig.Honest.DefendAsync(wrong, new Bytes32(value));
            },
            GameStatus.ChallengerWins);
        Assert.False(result.Held);
        Assert.StartsWith(
            SolverRules.AvoidPoisonedPrestate, Assert.Single(result.Violations), StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task A_move_against_oneself_is_noticed()
    {
        ScenarioResult result = await PlayAsync(
            async (rig, wrong) => _ = await rig.Honest.AttackAsync(rig.Game.ParentOf(wrong)!, Junk(9)),
            GameStatus.ChallengerWins);
        Assert.False(result.Held);
        Assert.Contains(
            result.Violations,
            rule => rule.StartsWith(SolverRules.DoNotCounterSelf, StringComparison.Ordinal));
    }

    [L2NodeFact]
    public async Task A_step_that_the_contract_refused_in_a_block_is_noticed()
    {
        ScenarioResult result = await PlayAsync(
            async (rig, wrong) =>
            {
                CallRequest step = rig.Honest.Client.StepRequest(
                    wrong.Index, true, new StepData(new byte[] { 1 }, default, null));
                RevertedException refusal = await Assert.ThrowsAsync<RevertedException>(
                    () => rig.Honest.Client.SendAsync(step with { GasLimit = 1_000_000 }));
                Assert.NotNull(refusal.Receipt);
            },
            GameStatus.ChallengerWins);
        Assert.Equal("True", result.Expected);
        Assert.StartsWith(
            SolverRules.OnlyStepAtMaxDepth, Assert.Single(result.Violations), StringComparison.Ordinal);
    }

    [L2NodeFact]
    public async Task Another_winner_than_expected_is_told()
    {
        ScenarioResult result = await PlayAsync((_, _) => Task.CompletedTask, GameStatus.DefenderWins);
        Assert.False(result.Held);
        Assert.Equal(("DefenderWins", "ChallengerWins"), (result.Expected, result.Got));
    }

    private static Bytes32 Junk(int number) => Bytes32.FromInteger((BigInteger.One << 248) + number);

    // A forged root, attacked by the player; an attack on that by the thief; then what the test does.
    private Task<ScenarioResult> PlayAsync(Func<GameRig, Claim, Task> act, GameStatus expected) =>
        fixture.Runner.RunAsync(
            new Scenario
            {
                Id = "T2",
                Title = "a test",
                Proves = "nothing",
                Options = _ => ArenaChains.Usual with
                {
                    Machine = ArenaMachine.Alphabet,
                    AbsolutePrestate = AlphabetTrace.PrestateHash(Letter),
                    MaxGameDepth = 6,
                },
                Body = async run =>
                {
                    using GameRig rig = await CreateAsync(run);
                    _ = await rig.RespondAsync();
                    GameActor thief = rig.Actor(run.Arena.Accounts.Thief);
                    Claim wrong = await thief.AttackAsync(rig.Game.Claims[^1], Junk(1));
                    await act(rig, wrong);
                    await rig.FinishAsync(expected);
                },
            },
            new ScenarioVariant());

    private static async Task<GameRig> CreateAsync(ScenarioRun run)
    {
        RollupRig rollup = new(run);
        await rollup.MakeBlocksAsync(ClaimedBlock);
        return await GameRig.CreateAsync(run, new GameSetup
        {
            Proposal = new GameProposal(GameTypes.Fault, Junk(0), ClaimedBlock),
            Proposer = run.Arena.Accounts.Thief,
            Honest = run.Arena.Accounts.Challenger,
            LastBlock = ClaimedBlock,
            Machine = new AlphabetMachine(Letter),
            Traces = new AlphabetGameTraces(
                Letter, run.Arena.Options.L2ChainId, _ => rollup.Outputs()),
        });
    }
}
