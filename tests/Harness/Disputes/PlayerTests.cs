using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;
using Xunit;

namespace Culverin.Harness.Tests.Disputes;

/// <summary>A player against a thief, on the real contracts.</summary>
public sealed class PlayerTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    [Fact]
    public async Task A_forged_root_is_refuted_and_every_bond_paid_out()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        BigInteger before = await world.Arena.L1.Node.GetBalanceAsync(world.Challenger.Address);
        using Player player = world.PlayerOf(game);
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
        using Player player = world.PlayerOf(game, new PlayerOptions { CreditAccounts = [proposer] });
        GameRecord end = await world.PlayOutAsync(game, player);
        Assert.Equal(GameStatus.DefenderWins, end.Game!.Status);
        foreach (Address account in new[] { proposer, world.Challenger.Address })
        {
            Assert.Equal(0, (await game.Contract.ReadAsync("credit", [account])).AsInteger());
        }

        Assert.True(end.Game.Claims.Count > 3);
    }

    [Fact]
    public async Task A_dry_run_tells_the_cost_and_sends_nothing()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using Player dry = world.PlayerOf(game, new PlayerOptions { IsDryRun = true });
        using Player player = world.PlayerOf(game);
        List<PlayerActionKind> told = [];
        for (int round = 0; round < PlayerFixture.MaxDepth; round++)
        {
            ulong count = await world.CountAsync(world.Challenger);
            GameRecord intended = await world.RoundAsync(dry);
            Assert.True(intended.Failure is null, intended.Failure);
            Assert.Empty(intended.Deeds);
            Assert.Equal(count, await world.CountAsync(world.Challenger));
            GameRecord played = await world.RoundAsync(player);
            Assert.Equal(intended.Intents.Select(Plain), played.Deeds.Select(deed => Plain(deed.Intent)));
            foreach ((PlayerIntent intent, PlayerDeed deed) in intended.Intents.Zip(played.Deeds))
            {
                told.Add(intent.Kind);
                Assert.NotEmpty(intent.Reason);
                Assert.Equal(intent.Gas is null, intent.GasCostWei is null);
                Assert.True(intent.Gas is not { } gas || gas >= deed.Receipt.GasUsed);
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
        using Player player = world.PlayerOf(game);
        Block old = await world.HeadAsync();
        GameRecord first = await player.PlayAsync(old);
        Assert.Equal(PlayerActionKind.Move, first.Deeds.Single().Intent.Kind);

        // As a second player would that read the game before the first one's move.
        using Player second = world.PlayerOf(game);
        GameRecord late = await second.PlayAsync(old);
        Assert.True(late.Failure is null, late.Failure);
        Assert.Empty(late.Deeds);
        Game state = await game.ReadAsync();
        Assert.Equal(2, state.Claims.Count);
        Bytes32 key = GameClient.KeyOf(state.Root, state.Claims[1].Position, state.Claims[1].Value);
        Assert.True((await game.Contract.ReadAsync("claims", [key])).AsBoolean());
    }

    [Fact]
    public async Task Nothing_is_put_at_stake_while_outputs_are_not_known()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using Player player = world.PlayerOf(game);
        world.Silence = "The L2's node sleeps.";
        GameRecord record = await world.RoundAsync(player);
        Assert.Equal(PlayerPhase.Waiting, record.Phase);
        Assert.Equal(Validity.Unknown, record.Root!.Validity);
        Assert.Contains(record.Waits, wait => wait.ClaimIndex == 0 && wait.Reason.Contains("sleeps"));
        Assert.Empty(record.Deeds);
        world.Silence = null;
        record = await world.RoundAsync(player);
        Assert.Equal(Validity.Invalid, record.Root!.Validity);
        Assert.Single(record.Deeds);
    }

    [Fact]
    public async Task A_game_that_cannot_be_won_any_more_is_told()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using Player player = world.PlayerOf(game);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        GameRecord record = await world.RoundAsync(player);
        Assert.Contains(record.Warnings, warning => warning.StartsWith("The game is being lost"));
        Assert.Contains(record.Waits, wait => wait.Reason == "The time to counter it is over.");
        Assert.DoesNotContain(record.Deeds, deed => deed.Intent.Kind == PlayerActionKind.Move);
    }

    private static (PlayerActionKind, int?, bool?, Bytes32?, BigInteger) Plain(PlayerIntent intent) =>
        (intent.Kind, intent.ClaimIndex, intent.IsAttack, intent.Value, intent.BondWei);
}
