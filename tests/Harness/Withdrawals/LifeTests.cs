using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Whole lives of withdrawals, to the wei and to the second.</summary>
public sealed class LifeTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    // Where the L2 keeps what a transaction pays for its data on L1, beside gas.
    private static readonly Address L1FeeVault =
        Address.Parse("0x420000000000000000000000000000000000001a");

    [L2NodeFact]
    public async Task Ether_by_the_message_passer_arrives_to_the_wei()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address user = world.Arena.Accounts.User.Address;
        BigInteger amount = ArenaOptions.Ether / 7;
        EthereumNode l2 = world.Arena.L2.Node;
        BigInteger l2Before = await l2.GetBalanceAsync(user);
        BigInteger dataFeesBefore = await l2.GetBalanceAsync(L1FeeVault);
        InitiatedWithdrawal withdrawal = await world.Initiator.WithdrawEtherAsync(user, amount);
        TransactionReceipt? asked = await l2.FindReceiptAsync(withdrawal.TransactionHash);
        BigInteger dataFee = await l2.GetBalanceAsync(L1FeeVault) - dataFeesBefore;
        Assert.True(dataFee > 0);
        Assert.Equal(l2Before - amount - asked!.Fee - dataFee, await l2.GetBalanceAsync(user));
        Assert.Equal(
            withdrawal.Withdrawal.Hash,
            (await world.User.Reader.FindAsync(withdrawal.TransactionHash)).Single().Withdrawal.Hash);
        Assert.True((await world.Contracts.MessagePasser.ReadAsync(
            new L2ToL1MessagePasser.SentMessagesFunction { Value = withdrawal.Withdrawal.Hash })).Value);
        BigInteger userBefore = await world.BalanceAsync(user);
        BigInteger portalBefore = await world.BalanceAsync(world.Portal.Address);
        BigInteger fees = await LiveAsync(world, withdrawal);
        Assert.Equal(userBefore + amount - fees, await world.BalanceAsync(user));
        Assert.Equal(portalBefore - amount, await world.BalanceAsync(world.Portal.Address));
    }

    [L2NodeFact]
    public async Task Ether_through_the_bridge_arrives_to_the_wei()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address receiver = Address.OfCreated(default, 77);
        BigInteger amount = ArenaOptions.Ether / 3;
        InitiatedWithdrawal withdrawal = await world.Initiator.BridgeEtherAsync(receiver, amount);
        Assert.Equal(world.Contracts.Messenger.Address, withdrawal.Withdrawal.Sender);
        BigInteger portalBefore = await world.BalanceAsync(world.Portal.Address);
        _ = await LiveAsync(world, withdrawal);
        Assert.Equal(amount, await world.BalanceAsync(receiver));
        Assert.Equal(portalBefore - amount, await world.BalanceAsync(world.Portal.Address));
    }

    [L2NodeFact]
    public async Task A_token_through_the_bridge_arrives_to_the_smallest_unit()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        BridgedToken token = await BridgedToken.CreateAsync(world, 1_000);
        Address receiver = Address.OfCreated(default, 78);
        InitiatedWithdrawal withdrawal = await world.Initiator.BridgeTokenAsync(
            token.OnL2.Address, token.OnL1.Address, receiver, 377);
        Assert.Equal(623, await BridgedToken.BalanceAsync(token.OnL2, world.Arena.Accounts.User.Address));
        _ = await LiveAsync(world, withdrawal);
        Assert.Equal(377, await BridgedToken.BalanceAsync(token.OnL1, receiver));
        Assert.Equal(
            623, await BridgedToken.BalanceAsync(token.OnL1, world.Arena.Contracts.Bridge.Address));
    }

    [L2NodeFact]
    public async Task The_proofs_delay_ends_in_the_exact_second()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract game = await world.ProposeAsync();
        await world.WinAsync(game);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.GameFinalitySeconds + 1);
        _ = await world.User.ProveAsync(withdrawal);
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait);
        Assert.Equal(status.ProvenAt + world.Arena.Options.ProofMaturitySeconds + 1, status.MatureAt);
        Assert.Equal(status.MatureAt, status.ReadyAt);
        await AssertPaidFromAsync(world, withdrawal, WithdrawalStage.Maturing, status.MatureAt!.Value);
    }

    [L2NodeFact]
    public async Task The_air_gap_ends_in_the_exact_second()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract game = await world.ProposeAsync();
        _ = await world.User.ProveAsync(withdrawal);
        await world.WinAsync(game);
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.InAirGap, WithdrawalAction.Wait);
        FaultDisputeGame.ResolvedAtResult resolved =
            await game.ReadAsync(new FaultDisputeGame.ResolvedAtFunction());
        Assert.Equal(resolved.Value, status.ResolvedAt);
        Assert.Equal(status.ResolvedAt + world.Arena.Options.GameFinalitySeconds + 1, status.ReadyAt);
        await AssertPaidFromAsync(world, withdrawal, WithdrawalStage.InAirGap, status.ReadyAt!.Value);
    }

    [L2NodeFact]
    public async Task The_list_holds_an_accounts_own_withdrawals_of_every_kind()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address user = world.Arena.Accounts.User.Address;
        InitiatedWithdrawal first = await world.WithdrawAsync();
        InitiatedWithdrawal second = await world.Initiator.BridgeEtherAsync(user, 5);
        WithdrawalInitiator other = new(world.Contracts, world.Arena.OnL2(world.Arena.Accounts.Thief));
        InitiatedWithdrawal third = await other.BridgeEtherAsync(user, 6);
        _ = await other.WithdrawEtherAsync(user, 7);
        InitiatedWithdrawal last = await world.WithdrawAsync();
        IReadOnlyList<InitiatedWithdrawal> own = await world.User.Reader.ListAsync(user);
        Assert.Equal(
            [first.Withdrawal.Hash, second.Withdrawal.Hash, last.Withdrawal.Hash],
            own.Select(each => each.Withdrawal.Hash));
        own = await world.User.Reader.ListAsync(user, third.BlockNumber);
        Assert.Equal(last.Withdrawal.Hash, Assert.Single(own).Withdrawal.Hash);
        await Assert.ThrowsAsync<ChainException>(() => world.User.Reader.FindAsync(default));
    }

    // Takes it through every stage, and returns the wei that the user's own transactions cost.
    private static async Task<BigInteger> LiveAsync(WithdrawalWorld world, InitiatedWithdrawal withdrawal)
    {
        TransactionReceipt proven = await PrepareAsync(world, withdrawal);
        WithdrawalPayment paid = await world.User.FinalizeAsync(withdrawal);
        Assert.True(paid is { TargetSucceeded: true, IsDelivered: true });
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.Finalized, WithdrawalAction.None);
        Assert.Equal(MoneyPlace.Target, status.Money);
        await Assert.ThrowsAsync<NotReadyException>(() => world.User.FinalizeAsync(withdrawal));
        await Assert.ThrowsAsync<NotReadyException>(() => world.User.ProveAsync(withdrawal));
        await Assert.ThrowsAsync<RevertedException>(() => world.PayUncheckedAsync(withdrawal, null));
        return proven.GasUsed * proven.EffectiveGasPrice
            + paid.Receipt.GasUsed * paid.Receipt.EffectiveGasPrice;
    }

    private static async Task<TransactionReceipt> PrepareAsync(
        WithdrawalWorld world, InitiatedWithdrawal withdrawal)
    {
        _ = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.WaitingForProposal, WithdrawalAction.Wait);
        await Assert.ThrowsAsync<NotReadyException>(() => world.User.ProveAsync(withdrawal));
        Contract game = await world.ProposeAsync();
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove);
        Assert.Equal(game.Address, status.Game);
        TransactionReceipt proven = await world.User.ProveAsync(withdrawal);
        status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait);
        Assert.Null(status.ReadyAt);
        await world.Arena.L1.AdvanceToAsync(status.MatureAt!.Value);
        _ = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.WaitingForGame, WithdrawalAction.Wait);
        await world.WinAsync(game);
        status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.InAirGap, WithdrawalAction.Wait);
        await Assert.ThrowsAsync<NotReadyException>(() => world.User.FinalizeAsync(withdrawal));
        await world.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value);
        _ = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.ReadyToFinalize, WithdrawalAction.Finalize);
        return proven;
    }

    // Blocks are one second apart: a transaction lands in the second after the head's.
    private static async Task AssertPaidFromAsync(
        WithdrawalWorld world, InitiatedWithdrawal withdrawal, WithdrawalStage before, ulong second)
    {
        await world.Arena.L1.AdvanceToAsync(second - 2);
        RevertedException early = await Assert.ThrowsAsync<RevertedException>(
            () => world.PayUncheckedAsync(withdrawal));
        Block block = await world.Arena.L1.Node.GetBlockAsync(early.Receipt!.BlockNumber);
        Assert.Equal(second - 1, block.Timestamp);
        _ = await world.AssertStageAsync(withdrawal, before, WithdrawalAction.Wait);
        ArenaSnapshot snapshot = await world.Arena.SnapshotAsync();
        TransactionReceipt paid = await world.PayUncheckedAsync(withdrawal);
        block = await world.Arena.L1.Node.GetBlockAsync(paid.BlockNumber);
        Assert.Equal(second, block.Timestamp);
        await world.Arena.RevertAsync(snapshot);
        await world.Arena.L1.AdvanceToAsync(second);
        _ = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.ReadyToFinalize, WithdrawalAction.Finalize);
        _ = await world.User.FinalizeAsync(withdrawal);
    }
}
