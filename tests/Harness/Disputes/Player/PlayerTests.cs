using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Disputes.Solver;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>A player against a thief, on the real contracts.</summary>
public sealed class PlayerTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    [Fact]
    public async Task A_forged_root_is_refuted_and_every_bond_paid_out()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        BigInteger before = await world.Arena.L1.Node.GetBalanceAsync(world.Challenger.Address);
        using GamePlayer player = world.PlayerOf(game);
        GameRecord end = await world.PlayOutAsync(game, player);
        Assert.Equal(GameStatus.ChallengerWins, end.Game!.Status);
        Assert.Contains(end.Game.Claims, claim => claim.Position.Depth == PlayerFixture.MaxDepth);
        PlayerWorld.AssertNoDouble(end.Game);
        BigInteger won = end.Game.Claims
            .Where(claim => claim.Claimant != world.Challenger.Address)
            .Aggregate(BigInteger.Zero, (sum, claim) => sum + claim.Bond);
        BigInteger after = await world.Arena.L1.Node.GetBalanceAsync(world.Challenger.Address);
        Assert.InRange(after - before, won - ArenaOptions.Ether / 10, won);
    }

    [Fact]
    public async Task A_right_root_is_defended_and_both_accounts_are_paid()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(ToyWorld.Output(PlayerWorld.ClaimedBlock));
        Address proposer = world.Arena.Accounts.Proposer.Address;
        await world.ContradictAsync(game);
        using GamePlayer player = world.PlayerOf(game, new PlayerOptions { CreditAccounts = [proposer] });
        GameRecord end = await world.PlayOutAsync(game, player);
        Assert.Equal(GameStatus.DefenderWins, end.Game!.Status);
        foreach (Address account in new[] { proposer, world.Challenger.Address })
        {
            Assert.Equal(0, await game.CreditAsync(account));
        }

        Assert.True(end.Game.Claims.Count > 3);
    }

    [Fact]
    public async Task A_dry_run_tells_the_cost_and_sends_nothing()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using GamePlayer dry = world.PlayerOf(game, new PlayerOptions { IsDryRun = true });
        using GamePlayer player = world.PlayerOf(game);
        List<PlayerActionKind> told = [];
        for (int round = 0; round < PlayerFixture.MaxDepth; round++)
        {
            ulong count = await world.CountAsync(world.Challenger);
            GameRecord intended = await world.RoundAsync(dry);
            Assert.True(intended.Failure is null, intended.Failure);
            Assert.Empty(intended.Actions);
            Assert.Equal(count, await world.CountAsync(world.Challenger));
            GameRecord played = await world.RoundAsync(player);
            Assert.Equal(
            intended.Intents.Select(Plain), played.Actions.Select(action => Plain(action.Intent)));
            foreach ((PlayerIntent intent, PlayerAction action) in intended.Intents.Zip(played.Actions))
            {
                told.Add(intent.Kind);
                Assert.NotEmpty(intent.Reason);
                Assert.Equal(intent.Gas is null, intent.GasCostWei is null);
                Assert.True(intent.Gas is not { } gas || gas >= action.Receipt.GasUsed);
                Assert.Equal(intent.Kind == PlayerActionKind.Move, intent.BondWei > 0);
            }

            await world.ContradictAsync(game);
        }

        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        GameRecord ending = await world.RoundAsync(dry);
        told.AddRange(ending.Intents.Select(intent => intent.Kind));
        Assert.Equal(
            ending.Game!.Claims.Count,
            ending.Intents.Count(intent => intent.Kind == PlayerActionKind.ResolveClaim));
        Assert.Equal(
            [
                PlayerActionKind.Move, PlayerActionKind.LoadPreimage, PlayerActionKind.Step,
                PlayerActionKind.ResolveClaim, PlayerActionKind.ResolveGame,
            ],
            told.Distinct());
    }

    [Fact]
    public async Task What_another_has_done_is_not_done_again()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using GamePlayer player = world.PlayerOf(game);
        Block old = await world.HeadAsync();
        GameRecord first = await player.PlayAsync(old);
        Assert.Equal(PlayerActionKind.Move, first.Actions.Single().Intent.Kind);

        // As a second player would that read the game before the first one's move.
        using GamePlayer second = world.PlayerOf(game);
        GameRecord late = await second.PlayAsync(old);
        Assert.True(late.Failure is null, late.Failure);
        Assert.Empty(late.Actions);
        Game state = await game.ReadAsync();
        Assert.Equal(2, state.Claims.Count);
        Bytes32 key = GameClient.KeyOf(state.Root, state.Claims[1].Position, state.Claims[1].Value);
        FaultDisputeGame.ClaimsFunction isMade = new() { Value = key };
        Assert.True((await game.Contract.ReadAsync(isMade)).Value);
    }

    [Fact]
    public async Task What_a_step_reads_is_not_loaded_once_another_has_stepped()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using GamePlayer first = world.PlayerOf(game);
        for (int round = 0; round < PlayerFixture.MaxDepth; round += 2)
        {
            _ = await world.RoundAsync(first);
            await world.ContradictAsync(game);
        }

        Block old = await world.HeadAsync();
        GameRecord record = await first.PlayAsync(old);
        Assert.Contains(record.Actions, action => action.Intent.Kind == PlayerActionKind.Step);
        using GamePlayer second = world.PlayerOf(game, preimages: new EagerLoader());
        Assert.Empty((await second.PlayAsync(old)).Actions);
    }

    [Fact]
    public async Task Nothing_is_put_at_stake_while_outputs_are_not_known()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using GamePlayer player = world.PlayerOf(game);
        world.Silence = "The L2's node sleeps.";
        GameRecord record = await world.RoundAsync(player);
        Assert.Equal(PlayerPhase.Waiting, record.Phase);
        Assert.Equal(Validity.Unknown, record.Root!.Validity);
        Assert.Contains(record.Waits, wait => wait.ClaimIndex == 0 && wait.Reason.Contains("sleeps"));
        Assert.Empty(record.Actions);
        world.Silence = null;
        record = await world.RoundAsync(player);
        Assert.Equal(Validity.Invalid, record.Root!.Validity);
        Assert.Single(record.Actions);
    }

    [Fact]
    public async Task A_game_that_cannot_be_won_any_more_is_told()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using GamePlayer player = world.PlayerOf(game);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        GameRecord record = await world.RoundAsync(player);
        Assert.Contains(record.Warnings, warning => warning.StartsWith("The game is being lost"));
        Assert.Contains(record.Waits, wait => wait.Reason == "The time to counter it is over.");
        Assert.DoesNotContain(record.Actions, action => action.Intent.Kind == PlayerActionKind.Move);
    }

    private static (PlayerActionKind, int?, bool?, Bytes32?, BigInteger) Plain(PlayerIntent intent) =>
        (intent.Kind, intent.ClaimIndex, intent.IsAttack, intent.Value, intent.BondWei);

    // Loads once more what is there already.
    private sealed class EagerLoader : IPreimageLoader
    {
        public Task<IReadOnlyList<CallRequest>> PlanAsync(
            GameClient client, Game game, IntendedStep step, CancellationToken cancellation = default) =>
            Task.FromResult<IReadOnlyList<CallRequest>>(
                [client.LocalDataRequest(step.Data.Preimage!.LocalNumber!.Value, step.Against.Index, 0)]);
    }
}
