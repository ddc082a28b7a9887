using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Xunit;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Withdrawals that go to their end without their owner.</summary>
public sealed class WatcherTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
    public async Task Two_requests_of_an_account_are_released_when_their_delay_ends()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal first = await world.WithdrawAsync();
        InitiatedWithdrawal second = await world.WithdrawAsync();
        Contract game = await world.ProposeAsync();
        WithdrawalWatcher watcher = new(world.Helper);
        await AdvanceBothAsync(WithdrawalStage.ReadyToProve);
        await AdvanceBothAsync(WithdrawalStage.Maturing);
        await world.WinAsync(game);
        WithdrawalStatus status = await world.StatusAsync(second);
        await world.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value - 1);
        await AdvanceBothAsync(WithdrawalStage.InAirGap);
        BigInteger before = await world.BalanceAsync(world.Arena.Accounts.User.Address);
        await world.Arena.L1.AdvanceToAsync(status.ReadyAt.Value);
        await AdvanceBothAsync(WithdrawalStage.ReadyToFinalize);
        await AdvanceBothAsync(WithdrawalStage.Finalized);

        // The owner has sent nothing: both amounts arrive whole.
        Assert.Equal(
            before + first.Withdrawal.Value + second.Withdrawal.Value,
            await world.BalanceAsync(world.Arena.Accounts.User.Address));

        async Task AdvanceBothAsync(WithdrawalStage expected)
        {
            Assert.Equal(expected, (await watcher.AdvanceAsync(first)).Stage);
            Assert.Equal(expected, (await watcher.AdvanceAsync(second)).Stage);
        }
    }

    [L2NodeFact]
    public async Task The_watch_proves_again_after_a_blacklisting_and_ends_with_the_payment()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract first = await world.ProposeAsync();
        WithdrawalWatcher watcher = new(world.Helper);
        Assert.Equal(WithdrawalAction.Prove, (await watcher.AdvanceAsync(withdrawal)).Next);
        await world.Arena.BlacklistAsync(first.Address);
        Assert.Equal(BlockReason.GameBlacklisted, (await watcher.AdvanceAsync(withdrawal)).Reason);
        await world.Arena.L2.MineAsync();
        Contract second = await world.ProposeAsync();

        // A new watcher goes on from what the chains hold.
        watcher = new WithdrawalWatcher(world.Helper);
        Assert.Equal(WithdrawalAction.Prove, (await watcher.AdvanceAsync(withdrawal)).Next);
        await world.WinAsync(second);
        WithdrawalStatus status = await world.StatusAsync(withdrawal);
        await world.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value);
        List<WithdrawalStage> seen = [];
        List<ChainException> failures = [];
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(2));
        await watcher.RunAsync(
            [withdrawal],
            TimeSpan.FromMilliseconds(10),
            (_, each) => seen.Add(each.Stage),
            (_, error) => failures.Add(error),
            deadline.Token);
        Assert.Equal([WithdrawalStage.ReadyToFinalize, WithdrawalStage.Finalized], seen);
        Assert.Empty(failures);
    }

    [L2NodeFact]
    public async Task A_failure_is_told_and_the_watch_goes_on()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        _ = await world.ProposeAsync();

        // This account owns nothing, and cannot pay for a transaction until it gets something.
        PrivateKey key = new(Bytes32.Keccak256("pauper"u8).ToArray());
        using TransactionSender pauper = new(world.Arena.L1.Node, new LocalSigner(key));
        WithdrawalWatcher watcher = new(new WithdrawalClient(world.Contracts, pauper));
        List<ChainFailure> failures = [];
        using CancellationTokenSource stop = new(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watcher.RunAsync(
            [withdrawal],
            TimeSpan.FromMilliseconds(10),
            (_, status) =>
            {
                if (status.Stage == WithdrawalStage.Maturing)
                {
                    stop.Cancel();
                }
            },
            (_, error) =>
            {
                failures.Add(error.Failure);
                world.Arena.L1.SetBalancesAsync([key.Address], ArenaOptions.Ether).Wait();
            },
            stop.Token));
        Assert.Equal(ChainFailure.Funds, Assert.Single(failures));
        WithdrawalStatus proven = await world.AssertStageAsync(
            withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait);
        Assert.Equal(key.Address, proven.Prover);
    }
}
