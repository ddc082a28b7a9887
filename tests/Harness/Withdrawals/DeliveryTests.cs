using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>
/// Where the money is after the portal has executed a withdrawal, and what is not executed at all because it
/// would be lost.
/// </summary>
public sealed class DeliveryTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    private const ulong Gas = 2_000_000;

    [L2NodeFact]
    public async Task A_target_that_refuses_is_found_before_the_withdrawal_is_used_up()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address target = await RefusingAsync(world);
        InitiatedWithdrawal withdrawal = await world.Initiator.WithdrawEtherAsync(target, 5);
        await world.RipenAsync(withdrawal);
        RefusedDeliveryException error = await Assert.ThrowsAsync<RefusedDeliveryException>(
            () => world.User.FinalizeAsync(withdrawal));
        Assert.Contains($"{target} refuses", error.Message, StringComparison.Ordinal);
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.ReadyToFinalize, WithdrawalAction.Finalize);
        Assert.Equal(MoneyPlace.Portal, status.Money);

        // The same through the command, with and without the flag that accepts the loss.
        using TemporaryFolder folder = new();
        string[] flags =
        [
            "finalize", withdrawal.TransactionHash.ToString(),
            "--key-file", WithdrawalProcess.KeyFile(folder),
        ];
        (int exitCode, string output, string complaint) = await WithdrawalProcess.RunAsync(world, flags);
        Assert.Equal(4, exitCode);
        Assert.Contains("refuses", complaint, StringComparison.Ordinal);
        Assert.Contains("Nothing was sent", Assert.Single(WithdrawalProcess.Lines(output))
            .GetProperty("error").GetString(), StringComparison.Ordinal);
        (exitCode, output, _) = await WithdrawalProcess.RunAsync(world, [.. flags, "--accept-loss"]);
        Assert.Equal(4, exitCode);
        AssertLine(output, "Undelivered", "TargetRefused", "Portal");
        status = await world.AssertUndeliveredAsync(
            withdrawal, BlockReason.TargetRefused, MoneyPlace.Portal, WithdrawalAction.None);
        Assert.Contains("nobody was paid", status.Explanation, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotReadyException>(() => world.User.ReplayAsync(withdrawal));
    }

    [L2NodeFact]
    public async Task A_target_gets_the_gas_that_it_needs_and_not_what_the_withdrawal_names()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address target = await SmallContract.DeployAsync(
            world.Arena.OnL1(world.Arena.Accounts.Helper), SmallContract.Thirsty);
        InitiatedWithdrawal withdrawal = await world.WithdrawWithGasAsync(target, 7, 21_000);
        await world.RipenAsync(withdrawal);
        WithdrawalPayment payment = await world.User.FinalizeAsync(withdrawal);
        Assert.True(payment is { TargetSucceeded: true, IsDelivered: true });
        Assert.Equal(7, await world.BalanceAsync(target));
    }

    [L2NodeFact]
    public async Task A_portal_without_the_ether_does_not_use_the_withdrawal_up()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address receiver = Address.OfCreated(default, 80);
        BigInteger held = await world.BalanceAsync(world.Portal.Address);
        InitiatedWithdrawal withdrawal = await world.Initiator.WithdrawEtherAsync(receiver, held + 1);
        await world.RipenAsync(withdrawal);
        RefusedDeliveryException error = await Assert.ThrowsAsync<RefusedDeliveryException>(
            () => world.User.FinalizeAsync(withdrawal));
        Assert.Contains("does not hold", error.Message, StringComparison.Ordinal);
        await world.DepositAsync(1);
        Assert.True((await world.User.FinalizeAsync(withdrawal)).IsDelivered);
        Assert.Equal(held + 1, await world.BalanceAsync(receiver));
    }

    [L2NodeFact]
    public async Task A_bridges_receiver_that_refuses_leaves_the_ether_in_the_messenger_until_a_replay()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address receiver = await RefusingAsync(world);
        Address messenger = world.Arena.Contracts.Messenger.Address;
        InitiatedWithdrawal withdrawal = await world.Initiator.BridgeEtherAsync(receiver, 9);
        await world.RipenAsync(withdrawal);
        RefusedDeliveryException error = await Assert.ThrowsAsync<RefusedDeliveryException>(
            () => world.User.FinalizeAsync(withdrawal));
        Assert.Contains($"{receiver} refuses", error.Message, StringComparison.Ordinal);
        BigInteger held = await world.BalanceAsync(messenger);
        WithdrawalPayment payment = await world.User.FinalizeAsync(withdrawal, acceptsLoss: true);
        Assert.True(payment is { TargetSucceeded: true, IsDelivered: false });
        Assert.Equal(held + 9, await world.BalanceAsync(messenger));
        WithdrawalStatus status = await world.AssertUndeliveredAsync(
            withdrawal, BlockReason.RelayFailed, MoneyPlace.Messenger, WithdrawalAction.Wait);
        Assert.Contains($"{receiver} refuses", status.Explanation, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RefusedDeliveryException>(() => world.User.ReplayAsync(withdrawal));

        // When the receiver takes it, the message is delivered again.
        _ = await OpenAsync(world, receiver);
        status = await world.AssertUndeliveredAsync(
            withdrawal, BlockReason.RelayFailed, MoneyPlace.Messenger, WithdrawalAction.Replay);
        Assert.Contains("replay", status.Explanation, StringComparison.Ordinal);
        using TemporaryFolder folder = new();
        string[] flags =
        [
            "replay", withdrawal.TransactionHash.ToString(),
            "--key-file", WithdrawalProcess.KeyFile(folder),
        ];
        (int exitCode, string output, string complaint) = await WithdrawalProcess.RunAsync(world, flags);
        Assert.True(exitCode == 0, complaint);
        AssertLine(output, "Finalized", "None", "Target");
        Assert.Equal(9, await world.BalanceAsync(receiver));
        Assert.Equal(held, await world.BalanceAsync(messenger));
        (exitCode, _, _) = await WithdrawalProcess.RunAsync(world, flags);
        Assert.Equal(0, exitCode);
    }

    [L2NodeFact]
    public async Task A_message_that_ran_out_of_gas_is_delivered_by_a_replay_with_more()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address target = await SmallContract.DeployAsync(
            world.Arena.OnL1(world.Arena.Accounts.Helper), SmallContract.Thirsty);
        Contract messenger = world.Contracts.Messenger;
        InitiatedWithdrawal withdrawal = await world.SendOnL2Async(
            messenger,
            new L2CrossDomainMessenger.SendMessageFunction { Target = target, MinGasLimit = 21_000 },
            11);
        await world.RipenAsync(withdrawal);

        // As anyone may, with gas enough for the messenger to keep the message.
        _ = await world.PayUncheckedAsync(withdrawal, 600_000);
        _ = await world.AssertUndeliveredAsync(
            withdrawal, BlockReason.RelayFailed, MoneyPlace.Messenger, WithdrawalAction.Replay);
        WithdrawalPayment payment = await world.Helper.ReplayAsync(withdrawal);
        Assert.True(payment.IsDelivered);
        Assert.Equal(11, await world.BalanceAsync(target));
        WithdrawalStatus status = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.Finalized, WithdrawalAction.None);
        Assert.Equal(MoneyPlace.Target, status.Money);
    }

    [L2NodeFact]
    public async Task Tokens_whose_message_failed_are_in_the_bridge()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        BridgedToken token = await BridgedToken.CreateAsync(world, 1_000);
        Address receiver = Address.OfCreated(default, 79);
        InitiatedWithdrawal withdrawal = await world.Initiator.BridgeTokenAsync(
            token.OnL2.Address, token.OnL1.Address, receiver, 377);
        WithdrawalStatus status = await world.StatusAsync(withdrawal);
        Assert.Equal(MoneyPlace.Bridge, status.Money);
        await world.RipenAsync(withdrawal);
        byte[] code = await world.Arena.L1.Node.GetCodeAsync(token.OnL1.Address);
        await world.SetCodeAsync(token.OnL1.Address, "5f5ffd");
        _ = await world.PayUncheckedAsync(withdrawal, Gas);
        _ = await world.AssertUndeliveredAsync(
            withdrawal, BlockReason.RelayFailed, MoneyPlace.Bridge, WithdrawalAction.Wait);
        await world.SetCodeAsync(token.OnL1.Address, Convert.ToHexString(code));
        Assert.True((await world.User.ReplayAsync(withdrawal)).IsDelivered);
        Assert.Equal(377, await BridgedToken.BalanceAsync(token.OnL1, receiver));
    }

    [L2NodeFact]
    public async Task A_watch_tells_what_did_not_arrive_and_replays_what_can()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address receiver = await RefusingAsync(world);
        InitiatedWithdrawal direct = await world.Initiator.WithdrawEtherAsync(receiver, 5);
        InitiatedWithdrawal bridged = await world.Initiator.BridgeEtherAsync(receiver, 6);
        await world.RipenAsync(direct, bridged);
        _ = await world.PayUncheckedAsync(direct, Gas);
        _ = await world.PayUncheckedAsync(bridged, Gas);
        _ = await OpenAsync(world, receiver);
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(2));
        IReadOnlyList<InitiatedWithdrawal> lost = await new WithdrawalWatcher(world.Helper).RunAsync(
            [direct, bridged], TimeSpan.FromMilliseconds(10), (_, _) => { }, (_, _) => { }, deadline.Token);
        Assert.Equal(direct.Withdrawal.Hash, Assert.Single(lost).Withdrawal.Hash);
        Assert.Equal(6, await world.BalanceAsync(receiver));
        using TemporaryFolder folder = new();
        (int exitCode, string output, _) = await WithdrawalProcess.RunAsync(
            world,
            [
                "watch", "--account", world.Arena.Accounts.User.Address.ToString(),
                "--key-file", WithdrawalProcess.KeyFile(folder),
            ]);
        Assert.Equal(4, exitCode);
        Assert.Equal(
            ["Undelivered", "Finalized"],
            WithdrawalProcess.Lines(output).Select(line => line.GetProperty("stage").GetString()));
    }

    private static Task<Address> RefusingAsync(WithdrawalWorld world) =>
        SmallContract.DeployAsync(
            world.Arena.OnL1(world.Arena.Accounts.Helper), SmallContract.RefusesUntilTold);

    private static Task<TransactionReceipt> OpenAsync(WithdrawalWorld world, Address receiver)
    {
        TransactionSender helper = world.Arena.OnL1(world.Arena.Accounts.Helper);
        return helper.SendAsync(
            new CallRequest { From = helper.Address, To = receiver, Data = new byte[] { 1 } });
    }

    private static void AssertLine(string output, string stage, string reason, string money)
    {
        JsonElement line = Assert.Single(WithdrawalProcess.Lines(output));
        Assert.Equal(
            (stage, reason, money),
            (line.GetProperty("stage").GetString(), line.GetProperty("reason").GetString(),
                line.GetProperty("money").GetString()));
    }
}
