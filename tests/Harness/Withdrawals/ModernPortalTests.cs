using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>
/// The real portal 4.6.0 and its registry, asked by us and by itself: what it would pay is called ready, and
/// what it refuses is not.
/// </summary>
public sealed class ModernPortalTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    private const ulong MaxClockSeconds = 302_400;

    [L2NodeFact]
    public async Task A_proven_withdrawal_is_paid_after_the_respected_type_has_changed()
    {
        WithdrawalWorld l2 = await WithdrawalWorld.StartAsync(fixture);
        await using ModernPortal portal = await ModernPortal.StartAsync(l2);
        InitiatedWithdrawal withdrawal = await l2.WithdrawAsync();
        await AssertAsync(portal, withdrawal, WithdrawalStage.WaitingForProposal, BlockReason.None);
        Contract game = await portal.ProposeAsync();
        await AssertAsync(portal, withdrawal, WithdrawalStage.ReadyToProve, BlockReason.None);
        _ = await portal.Client.ProveAsync(withdrawal);
        await AssertAsync(portal, withdrawal, WithdrawalStage.Maturing, BlockReason.None);
        await portal.AsGuardianAsync(Respect(8));
        await AssertAsync(portal, withdrawal, WithdrawalStage.Maturing, BlockReason.None);
        await portal.WinAsync(game, MaxClockSeconds);
        WithdrawalStatus status = await portal.Client.Reader.ReadAsync(withdrawal);
        await portal.AdvanceToAsync(status.ReadyAt!.Value - 1);
        status = await portal.Client.Reader.ReadAsync(withdrawal);
        Assert.NotEqual(WithdrawalStage.ReadyToFinalize, status.Stage);
        Assert.NotNull(await portal.RefusalAsync(withdrawal));
        await portal.AdvanceToAsync(status.ReadyAt!.Value);
        await AssertAsync(portal, withdrawal, WithdrawalStage.ReadyToFinalize, BlockReason.None);
        Assert.Null(await portal.RefusalAsync(withdrawal));
        WithdrawalPayment payment = await portal.Client.FinalizeAsync(withdrawal);
        Assert.True(payment.IsDelivered);
        await AssertAsync(portal, withdrawal, WithdrawalStage.Finalized, BlockReason.None);
    }

    [L2NodeFact]
    public async Task Retired_and_blacklisted_games_and_types_of_later_are_worthless()
    {
        WithdrawalWorld l2 = await WithdrawalWorld.StartAsync(fixture);
        await using ModernPortal portal = await ModernPortal.StartAsync(l2);
        InitiatedWithdrawal withdrawal = await l2.WithdrawAsync();
        Contract game = await portal.ProposeAsync();
        _ = await portal.Client.ProveAsync(withdrawal);
        await portal.WinAsync(game, MaxClockSeconds);
        WithdrawalStatus status = await portal.Client.Reader.ReadAsync(withdrawal);
        await portal.AdvanceToAsync(status.ReadyAt!.Value);
        AnvilSnapshot ready = await portal.SnapshotAsync();
        await portal.AsGuardianAsync(
            new ModernAnchorStateRegistry.BlacklistDisputeGameFunction { Game = game.Address });
        await AssertAsync(portal, withdrawal, WithdrawalStage.Blocked, BlockReason.GameBlacklisted);
        Assert.NotNull(await portal.RefusalAsync(withdrawal));
        await portal.RevertAsync(ready);
        await portal.AsGuardianAsync(
            new ModernAnchorStateRegistry.UpdateRetirementTimestampFunction());
        await AssertAsync(portal, withdrawal, WithdrawalStage.Blocked, BlockReason.GameRetired);
        Assert.NotNull(await portal.RefusalAsync(withdrawal));

        // A game of a type that is not respected stays worthless when the type comes to be.
        await portal.AsGuardianAsync(Respect(0));
        await l2.Arena.L2.MineAsync();
        _ = await portal.ProposeAsync();
        await portal.AsGuardianAsync(Respect(1));
        await AssertAsync(portal, withdrawal, WithdrawalStage.Blocked, BlockReason.GameRetired);
        await l2.Arena.L2.MineAsync();
        Contract next = await portal.ProposeAsync();
        status = await portal.Client.Reader.ReadAsync(withdrawal);
        Assert.Equal((WithdrawalAction.Prove, next.Address), (status.Next, status.Game!.Value));
        _ = await portal.Client.ProveAsync(withdrawal);
        await AssertAsync(portal, withdrawal, WithdrawalStage.Maturing, BlockReason.None);
    }

    private static async Task AssertAsync(
        ModernPortal portal, InitiatedWithdrawal withdrawal, WithdrawalStage stage, BlockReason reason)
    {
        WithdrawalStatus status = await portal.Client.Reader.ReadAsync(withdrawal);
        Assert.True((stage, reason) == (status.Stage, status.Reason), status.Explanation);
    }

    private static ModernAnchorStateRegistry.SetRespectedGameTypeFunction Respect(uint gameType) =>
        new() { GameType = gameType };
}
