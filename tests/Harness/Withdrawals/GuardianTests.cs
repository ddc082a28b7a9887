using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>
/// What a pause, a lost game and a game that says something wrong do to a withdrawal. The guardian's acts at
/// each of its times are scenarios.
/// </summary>
public sealed class GuardianTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task A_pause_blocks_until_it_ends()
    {
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, Contract game) =
            await ReachAsync(isProven: true);
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

    [L2NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_game_is_left_for_another(bool isProven)
    {
        // Nobody defends, so that even a right root is refuted. A resolved game cannot be lost any more.
        (WithdrawalWorld world, InitiatedWithdrawal withdrawal, Contract game) = await ReachAsync(isProven);
        await world.LoseAsync(game);
        _ = await world.AssertBlockedAsync(withdrawal, BlockReason.GameLost, WithdrawalAction.Wait);
        await AssertSavedAsync(world, withdrawal, isProven);
    }

    [L2NodeFact]
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

    private async Task<(WithdrawalWorld World, InitiatedWithdrawal Withdrawal, Contract Game)> ReachAsync(
        bool isProven)
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract game = await world.ProposeAsync();
        if (isProven)
        {
            _ = await world.User.ProveAsync(withdrawal);
        }

        return (world, withdrawal, game);
    }

    // A newer proposal serves: it is proven, again where it was before, and paid after the whole delays.
    private static async Task AssertSavedAsync(
        WithdrawalWorld world, InitiatedWithdrawal withdrawal, bool isProven)
    {
        await world.Arena.L2.MineAsync();
        Contract next = await world.ProposeAsync();
        WithdrawalStatus status = isProven
            ? await world.AssertBlockedAsync(withdrawal, BlockReason.GameLost, WithdrawalAction.Prove)
            : await world.AssertStageAsync(
                withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove);
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
