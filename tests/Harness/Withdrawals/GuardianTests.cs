using System;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Withdrawals;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>
/// What each act of the guardian, and a lost game, does to a withdrawal at each of its times.
/// </summary>
public sealed class GuardianTests(ClassicArenaFixture fixture) : IClassFixture<ClassicArenaFixture>
{
    /// <summary>When the act happens.</summary>
    public enum Moment
    {
        BeforeProve,
        AfterProve,
        BeforeFinalize,
    }

    [Theory]
    [InlineData(Moment.BeforeProve)]
    [InlineData(Moment.AfterProve)]
    [InlineData(Moment.BeforeFinalize)]
    public async Task A_pause_blocks_until_it_ends(Moment moment)
    {
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, Contract game) = await ReachAsync(moment);
        WithdrawalStatus before = await world.StatusAsync(withdrawal);
        await world.Arena.PauseAsync();
        WithdrawalStatus status = await world.AssertBlockedAsync(
            withdrawal, BlockReason.Paused, WithdrawalAction.Wait);
        Assert.Equal(game.Address, status.Game);
        Assert.Equal(before.ReadyAt, status.ReadyAt);
        await Assert.ThrowsAsync<NotReadyException>(() => world.User.ProveAsync(withdrawal));
        await world.Arena.UnpauseAsync();
        WithdrawalStatus after = await world.StatusAsync(withdrawal);
        Assert.Equal((before.Stage, before.Next), (after.Stage, after.Next));
    }

    [Theory]
    [InlineData(Moment.BeforeProve)]
    [InlineData(Moment.AfterProve)]
    [InlineData(Moment.BeforeFinalize)]
    public async Task A_blacklisted_game_is_left_for_another(Moment moment)
    {
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, Contract game) = await ReachAsync(moment);
        await world.Arena.BlacklistAsync(game.Address);
        _ = await world.AssertBlockedAsync(
            withdrawal, BlockReason.GameBlacklisted, WithdrawalAction.Wait);
        await AssertSavedByAsync(
            world, withdrawal, moment, BlockReason.GameBlacklisted, GameTypes.Fault);
    }

    [Theory]
    [InlineData(Moment.BeforeProve)]
    [InlineData(Moment.AfterProve)]
    [InlineData(Moment.BeforeFinalize)]
    public async Task Another_game_type_needs_another_proof(Moment moment)
    {
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, _) = await ReachAsync(moment);
        await world.Arena.SetRespectedGameTypeAsync(GameTypes.Permissioned);
        _ = await world.AssertBlockedAsync(
            withdrawal, BlockReason.WrongGameType, WithdrawalAction.Wait);
        await AssertSavedByAsync(
            world, withdrawal, moment, BlockReason.WrongGameType, GameTypes.Permissioned);
    }

    [Theory]
    [InlineData(Moment.BeforeProve)]
    [InlineData(Moment.AfterProve)]
    [InlineData(Moment.BeforeFinalize)]
    public async Task Games_from_before_a_change_of_type_stay_dead(Moment moment)
    {
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, _) = await ReachAsync(moment);
        await world.Arena.SetRespectedGameTypeAsync(GameTypes.Permissioned);
        await world.Arena.SetRespectedGameTypeAsync(GameTypes.Fault);
        _ = await world.AssertBlockedAsync(withdrawal, BlockReason.GameRetired, WithdrawalAction.Wait);
        await AssertSavedByAsync(world, withdrawal, moment, BlockReason.GameRetired, GameTypes.Fault);
    }

    [Theory]
    [InlineData(Moment.BeforeProve)]
    [InlineData(Moment.AfterProve)]
    public async Task A_lost_game_is_left_for_another(Moment moment)
    {
        // Nobody defends, so that even a right root is refuted. A resolved game cannot be lost any more.
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, Contract game) = await ReachAsync(moment);
        await world.LoseAsync(game);
        _ = await world.AssertBlockedAsync(withdrawal, BlockReason.GameLost, WithdrawalAction.Wait);
        await AssertSavedByAsync(world, withdrawal, moment, BlockReason.GameLost, GameTypes.Fault);
    }

    [Theory]
    [InlineData(Moment.BeforeProve)]
    [InlineData(Moment.AfterProve)]
    [InlineData(Moment.BeforeFinalize)]
    public async Task Acts_of_a_stranger_change_nothing(Moment moment)
    {
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, Contract game) = await ReachAsync(moment);
        WithdrawalStatus before = await world.StatusAsync(withdrawal);
        (Contract Contract, string Function, AbiValue[] Arguments)[] acts =
        [
            (world.Arena.DeputyModule, "pause", []),
            (world.Arena.DeputyModule, "blacklistDisputeGame", [world.Portal.Address, game.Address]),
            (world.Portal, "blacklistDisputeGame", [game.Address]),
            (world.Portal, "setRespectedGameType", [1]),
        ];
        foreach ((Contract contract, string function, AbiValue[] arguments) in acts)
        {
            RevertedException error = await Assert.ThrowsAsync<RevertedException>(
                () => world.CallAsync(contract, function, arguments));
            Assert.Equal("Unauthorized", error.Reason.Name);
        }

        WithdrawalStatus after = await world.StatusAsync(withdrawal);
        Assert.Equal((before.Stage, before.Next), (after.Stage, after.Next));
    }

    [Fact]
    public async Task A_game_with_a_wrong_root_or_an_unknown_block_is_never_proven_on()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Bytes32 forged = Bytes32.Keccak256("forged"u8);
        _ = await world.ProposeAtAsync(BigInteger.Pow(2, 255), GameTypes.Fault, forged);
        await world.Arena.L1.AdvanceAsync(1);
        _ = await world.AssertBlockedAsync(withdrawal, BlockReason.UnknownBlock, WithdrawalAction.Wait);
        await world.Arena.RevertAsync(world.Arena.Beginning);
        withdrawal = await world.WithdrawAsync();
        _ = await world.ProposeAsync(root: forged);
        _ = await world.AssertBlockedAsync(withdrawal, BlockReason.WrongOutputRoot, WithdrawalAction.Wait);
        Contract good = await world.ProposeAsync();
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove);
        Assert.Equal(good.Address, status.Game);
        _ = await world.User.ProveAsync(withdrawal);
    }

    // At the last moment the game is resolved and both delays are over.
    private async Task<(WithdrawalWorld World, InitiatedWithdrawal Withdrawal, Contract Game)> ReachAsync(
        Moment moment)
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract game = await world.ProposeAsync();
        if (moment != Moment.BeforeProve)
        {
            _ = await world.User.ProveAsync(withdrawal);
        }

        if (moment == Moment.BeforeFinalize)
        {
            await world.WinAsync(game);
            await world.Arena.L1.AdvanceAsync(world.Arena.Options.GameFinalitySeconds + 1);
            _ = await world.AssertStageAsync(
                withdrawal, WithdrawalStage.ReadyToFinalize, WithdrawalAction.Finalize);
        }

        return (world, withdrawal, game);
    }

    // A newer proposal serves: it is proven, again where it was before, and paid after the whole delays.
    private static async Task AssertSavedByAsync(
        WithdrawalWorld world,
        InitiatedWithdrawal withdrawal,
        Moment moment,
        BlockReason reason,
        uint gameType)
    {
        await world.Arena.L2.MineAsync();
        Contract next = await world.ProposeAsync(type: gameType);
        WithdrawalStatus status = moment == Moment.BeforeProve
            ? await world.AssertStageAsync(
                withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove)
            : await world.AssertBlockedAsync(withdrawal, reason, WithdrawalAction.Prove);
        Assert.Equal(next.Address, status.Game);
        _ = await world.User.ProveAsync(withdrawal);
        status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait);
        Assert.Equal(next.Address, status.Game);
        await world.WinAsync(next);
        status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.InAirGap, WithdrawalAction.Wait);
        await world.Arena.L1.AdvanceToAsync(Math.Max(status.ReadyAt!.Value, status.MatureAt!.Value));
        Assert.True((await world.User.FinalizeAsync(withdrawal)).TargetSucceeded);
        _ = await world.AssertStageAsync(withdrawal, WithdrawalStage.Finalized, WithdrawalAction.None);
    }
}
