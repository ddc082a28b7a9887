using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Local;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Reading;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>
/// Withdrawals as Godwoken has them, on the real portal: request, pending list, five days in which they can
/// be challenged, and a release that nobody has to ask for.
/// </summary>
internal static class DelayScenarios
{
    private const ulong FiveDaysSeconds = 5 * 24 * 60 * 60;

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Make(
            "G1",
            "A request comes to the pending list when the indexer has its L2 block",
            "The list follows what the indexer knows, and tells the exact second of the release.",
            PendingAsync),
        Make(
            "G2",
            "A challenge within the five days rolls back what a request relied on",
            "No proof on a refuted proposal pays, and the five days begin anew with the next proof.",
            RollbackAsync),
        Make(
            "G3",
            "A request is released without its owner in the very second in which five days are over",
            "The watcher pays in the first second that the portal allows, and the owner sends nothing.",
            ReleaseAsync),
        Make(
            "G4",
            "A release one second before five days are over",
            "The portal refuses it, the watcher does not try, and one second later both agree.",
            EarlyAsync),
        Make(
            "G5",
            "Two requests of one account",
            "Both are pending by themselves, and each is released in its own second.",
            TwoAsync),
        Make(
            "G6",
            "The request is visible, but the indexer of L1 is behind",
            "Nothing is sent on old knowledge, and the release follows when the indexer has caught up.",
            BehindAsync),
    ];

    private static Scenario Make(
        string id, string title, string proves, Func<ScenarioRun, Task> body) => new()
        {
            Id = id,
            Title = title,
            Proves = proves,
            Options = _ => ArenaChains.Usual with { ProofMaturitySeconds = FiveDaysSeconds },
            Body = body,
        };

    private static async Task PendingAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        ulong before =
            await run.Arena.L2.Node.GetBlockNumberAsync(run.Cancellation).ConfigureAwait(false);
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        using LaggingNode indexer = new(run.Arena.L2, before);
        WithdrawalReader reader = new(rig.Contracts with
        {
            MessagePasser = rig.Contracts.MessagePasser with { Node = indexer.Node },
        });
        run.Expect("Pending requests before the indexer has the block", 0, await CountAsync()
            .ConfigureAwait(false));
        indexer.CatchUpTo(withdrawal.BlockNumber);
        run.Expect("Pending requests after it", 1, await CountAsync().ConfigureAwait(false));
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.WaitingForProposal, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        GameClient game = await rig.ProposeAsync().ConfigureAwait(false);
        _ = await rig.Helper.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        run.Expect(
            "The second of the release",
            status.ProvenAt!.Value + FiveDaysSeconds + 1,
            status.ReadyAt!.Value);
        await ReleaseAsync(run, rig, withdrawal, status.ReadyAt.Value).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);

        async Task<int> CountAsync() =>
            (await reader.ListAsync(rig.UserAddress, cancellation: run.Cancellation).ConfigureAwait(false))
            .Count;
    }

    private static async Task RollbackAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        GameClient first = await rig.ProposeAsync().ConfigureAwait(false);
        WithdrawalWatcher watcher = new(rig.Helper);
        _ = await watcher.AdvanceAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        await rig.LoseAsync(first).ConfigureAwait(false);
        BigInteger portal = await rig.BalanceAsync(rig.Portal.Address).ConfigureAwait(false);
        await run.Arena.L1.AdvanceToAsync(status.MatureAt!.Value, run.Cancellation).ConfigureAwait(false);
        status = await watcher.AdvanceAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        run.Expect("What blocks it", BlockReason.GameLost, status.Reason);
        _ = await run
            .ExpectRevertAsync(
                "Its payment",
                () => rig.PayUncheckedAsync(withdrawal, run.Arena.Accounts.Helper.Address))
            .ConfigureAwait(false);
        run.Expect(
            "The portal's balance", portal, await rig.BalanceAsync(rig.Portal.Address).ConfigureAwait(false));
        await run.Arena.L2.MineAsync(1, run.Cancellation).ConfigureAwait(false);
        GameClient second = await rig.ProposeAsync().ConfigureAwait(false);
        _ = await watcher.AdvanceAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(second).ConfigureAwait(false);
        status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        run.Expect("The game that it relies on", second.Contract.Address, status.Game!.Value);
        run.Expect(
            "The second of the release",
            status.ProvenAt!.Value + FiveDaysSeconds + 1,
            status.ReadyAt!.Value);
        await ReleaseAsync(run, rig, withdrawal, status.ReadyAt.Value).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task ReleaseAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        BigInteger balance = await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false);
        (InitiatedWithdrawal withdrawal, WithdrawalStatus status) =
            await MatureAsync(run, rig).ConfigureAwait(false);
        await ReleaseAsync(run, rig, withdrawal, status.ReadyAt!.Value).ConfigureAwait(false);
        run.Expect(
            "The owner's balance, without a fee",
            balance + withdrawal.Withdrawal.Value,
            await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false));
        run.Expect(
            "The owner's transactions on L1",
            0ul,
            await run.Arena.L1.Node
                .GetNonceAsync(rig.UserAddress, cancellation: run.Cancellation)
                .ConfigureAwait(false));
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task EarlyAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        (InitiatedWithdrawal withdrawal, WithdrawalStatus status) =
            await MatureAsync(run, rig).ConfigureAwait(false);
        ulong second = status.ReadyAt!.Value;

        // What is sent now gets into the block of the next second.
        await run.Arena.L1.AdvanceToAsync(second - 2, run.Cancellation).ConfigureAwait(false);
        _ = await run
            .ExpectRevertAsync("A payment one second early", PayAsync, "has not matured yet")
            .ConfigureAwait(false);
        status = await new WithdrawalWatcher(rig.Helper)
            .AdvanceAsync(withdrawal, run.Cancellation)
            .ConfigureAwait(false);
        run.Expect("What the watcher sees", WithdrawalStage.Maturing, status.Stage);
        run.Expect("The newest second", second - 1, status.L1Timestamp);
        TransactionReceipt paid = await PayAsync().ConfigureAwait(false);
        Block block = await run.Arena.L1.Node
            .GetBlockAsync(paid.BlockNumber, run.Cancellation)
            .ConfigureAwait(false);
        run.Expect("The second of the payment", second, block.Timestamp);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);

        Task<TransactionReceipt> PayAsync() => rig.PayUncheckedAsync(
            withdrawal, run.Arena.Accounts.Helper.Address);
    }

    private static async Task TwoAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        BigInteger balance = await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false);
        InitiatedWithdrawal first = await rig.WithdrawAsync().ConfigureAwait(false);
        InitiatedWithdrawal second = await rig.WithdrawAsync().ConfigureAwait(false);
        IReadOnlyList<InitiatedWithdrawal> pending = await rig.User.Reader
            .ListAsync(rig.UserAddress, cancellation: run.Cancellation)
            .ConfigureAwait(false);
        run.Expect(
            "The pending requests",
            $"{first.Withdrawal.Hash} {second.Withdrawal.Hash}",
            string.Join(' ', pending.Select(each => each.Withdrawal.Hash)));
        GameClient game = await rig.ProposeAsync().ConfigureAwait(false);
        _ = await rig.Helper.ProveAsync(first, run.Cancellation).ConfigureAwait(false);
        await run.Arena.L1.AdvanceAsync(60, run.Cancellation).ConfigureAwait(false);
        _ = await rig.Helper.ProveAsync(second, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        ulong firstReady = await ReadyAtAsync(first).ConfigureAwait(false);
        ulong secondReady = await ReadyAtAsync(second).ConfigureAwait(false);
        run.Expect("Seconds between the releases", 61ul, secondReady - firstReady);
        await ReleaseAsync(run, rig, first, firstReady).ConfigureAwait(false);
        _ = await rig
            .ExpectStageAsync(second, WithdrawalStage.Maturing, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        await ReleaseAsync(run, rig, second, secondReady).ConfigureAwait(false);
        run.Expect(
            "The owner's balance, without a fee",
            balance + first.Withdrawal.Value + second.Withdrawal.Value,
            await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false));
        await rig.ExpectPaidAsync(second).ConfigureAwait(false);

        async Task<ulong> ReadyAtAsync(InitiatedWithdrawal withdrawal) =>
            (await rig.StatusAsync(withdrawal).ConfigureAwait(false)).ReadyAt!.Value;
    }

    private static async Task BehindAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        (InitiatedWithdrawal withdrawal, WithdrawalStatus status) =
            await MatureAsync(run, rig).ConfigureAwait(false);
        using LaggingNode indexer = new(run.Arena.L1, status.L1BlockNumber);
        await run.Arena.L1
            .AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation)
            .ConfigureAwait(false);
        WithdrawalWatcher watcher = new(new WithdrawalClient(
            rig.Contracts with
            {
                Portal = rig.Portal with { Node = indexer.Node },
                Factory = rig.Contracts.Factory with { Node = indexer.Node },
                Game = rig.Contracts.Game with { Node = indexer.Node },
            },
            run.Arena.OnL1(run.Arena.Accounts.Helper)));
        ulong sent = await SentAsync().ConfigureAwait(false);
        WithdrawalStatus seen =
            await watcher.AdvanceAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        run.Expect("What the indexer knows", WithdrawalStage.Maturing, seen.Stage);
        run.Expect("Transactions on old knowledge", 0ul, await SentAsync().ConfigureAwait(false) - sent);
        _ = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.ReadyToFinalize, WithdrawalAction.Finalize)
            .ConfigureAwait(false);
        indexer.CatchUpTo(
            await run.Arena.L1.Node.GetBlockNumberAsync(run.Cancellation).ConfigureAwait(false));
        seen = await watcher.AdvanceAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        run.Expect(
            "What the indexer knows later", WithdrawalStage.ReadyToFinalize, seen.Stage);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);

        Task<ulong> SentAsync() => run.Arena.L1.Node.GetNonceAsync(
            run.Arena.Accounts.Helper.Address, cancellation: run.Cancellation);
    }

    // Proven by another on a game that nobody disputes; only the five days are left.
    private static async Task<(InitiatedWithdrawal Withdrawal, WithdrawalStatus Status)> MatureAsync(
        ScenarioRun run, WithdrawalRig rig)
    {
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        GameClient game = await rig.ProposeAsync().ConfigureAwait(false);
        _ = await rig.Helper.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.Maturing, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        return (withdrawal, status);
    }

    // The watcher is asked in the second before, and in the second itself; time stands still while it acts.
    private static async Task ReleaseAsync(
        ScenarioRun run, WithdrawalRig rig, InitiatedWithdrawal withdrawal, ulong second)
    {
        Anvil l1 = run.Arena.L1;
        WithdrawalWatcher watcher = new(rig.Helper);
        await l1.SetBlockIntervalAsync(0, run.Cancellation).ConfigureAwait(false);
        await l1.AdvanceToAsync(second - 1, run.Cancellation).ConfigureAwait(false);
        WithdrawalStatus status =
            await watcher.AdvanceAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        run.Expect("The stage one second early", WithdrawalStage.Maturing, status.Stage);
        await l1.AdvanceToAsync(second, run.Cancellation).ConfigureAwait(false);
        _ = await watcher.AdvanceAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        status = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        run.Expect("The stage in the second itself", WithdrawalStage.Finalized, status.Stage);
        run.Expect("The second of the release", second, status.L1Timestamp);
        await l1.SetBlockIntervalAsync(run.Arena.Options.L1BlockSeconds, run.Cancellation)
            .ConfigureAwait(false);
    }
}
