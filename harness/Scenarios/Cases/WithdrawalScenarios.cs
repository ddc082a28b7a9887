using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>Whole lives of withdrawals, and what the portal refuses.</summary>
internal static class WithdrawalScenarios
{
    // Where the L2 keeps what transactions pay: tips, base fees, data on L1.
    private static readonly Address[] FeeVaults =
    [
        Address.Parse("0x4200000000000000000000000000000000000011"),
        Address.Parse("0x4200000000000000000000000000000000000019"),
        Address.Parse("0x420000000000000000000000000000000000001a"),
    ];

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "W1",
            Title = "A deposit goes to L2 and comes back",
            Proves = "Balances are right to the wei on both chains, with the fees of all L1 transactions.",
            Body = LifeAsync,
        },
        new()
        {
            Id = "W2",
            Title = "One good proof, and the same with one field wrong",
            Proves = "The portal takes no proof with any field changed, and the good one afterwards.",
            Variants = ScenarioVariant.Cross(
                [
                    "nonce", "sender", "target", "value", "gas-limit", "data", "state-root",
                    "storage-root", "block-hash",
                ],
                ScenarioVariant.Only),
            Body = DamagedProofAsync,
        },
        new()
        {
            Id = "W6",
            Title = "A proof in the very second in which its game was created",
            Proves = "The client waits one second, since such a proof would never pay.",
            Body = FirstSecondAsync,
        },
        new()
        {
            Id = "S1",
            Title = "A withdrawal at L2 block 250, proposals for blocks 100, 200 and 300",
            Proves = "Only a proposal that covers the withdrawal's block proves it; the earliest is taken.",
            Body = TimelineAsync,
        },
    ];

    private static async Task LifeAsync(ScenarioRun run)
    {
        IArena arena = run.Arena;
        DerivedL2 l2 = (DerivedL2)arena.L2;
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        await l2.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
        BigInteger l1Before = await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false);
        BigInteger portalBefore = await rig.BalanceAsync(rig.Portal.Address).ConfigureAwait(false);
        BigInteger l2Before = await OnL2Async(run, [rig.UserAddress]).ConfigureAwait(false);
        BigInteger deposit = (3 * ArenaOptions.Ether) + 1;
        TransactionReceipt deposited =
            await rig.DepositAsync(arena.Accounts.User, deposit).ConfigureAwait(false);
        await l2.CatchUpAsync(run.Cancellation).ConfigureAwait(false);
        run.Expect(
            "The L2 balance after the deposit",
            l2Before + deposit,
            await OnL2Async(run, [rig.UserAddress]).ConfigureAwait(false));
        run.Expect(
            "The L1 balance after the deposit",
            l1Before - deposit - WithdrawalRig.FeeOf(deposited),
            await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false));

        BigInteger amount = ArenaOptions.Ether + 7;
        BigInteger vaultsBefore = await OnL2Async(run, FeeVaults).ConfigureAwait(false);
        InitiatedWithdrawal withdrawal = await rig.Initiator
            .WithdrawEtherAsync(rig.UserAddress, amount, cancellation: run.Cancellation)
            .ConfigureAwait(false);
        BigInteger l2Fees = await OnL2Async(run, FeeVaults).ConfigureAwait(false) - vaultsBefore;
        run.Expect(
            "The L2 balance after the withdrawal",
            l2Before + deposit - amount - l2Fees,
            await OnL2Async(run, [rig.UserAddress]).ConfigureAwait(false));
        TransactionReceipt[] own = await SettleAsync(run, rig, withdrawal).ConfigureAwait(false);
        run.Expect(
            "The L1 balance at the end",
            l1Before - deposit + amount - WithdrawalRig.FeeOf([deposited, .. own]),
            await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false));
        run.Expect(
            "The portal's balance at the end",
            portalBefore + deposit - amount,
            await rig.BalanceAsync(rig.Portal.Address).ConfigureAwait(false));
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    // Batch and proposal come from those who make them; the user sends all that is returned.
    private static async Task<TransactionReceipt[]> SettleAsync(
        ScenarioRun run, WithdrawalRig rig, InitiatedWithdrawal withdrawal)
    {
        IArena arena = run.Arena;
        DerivedL2 l2 = (DerivedL2)arena.L2;
        await l2
            .PostAsync(arena.Accounts.Batcher, cancellation: run.Cancellation)
            .ConfigureAwait(false);
        await l2
            .ProposeAsync(
                arena.Accounts.Proposer,
                arena.Contracts.Factory.Address,
                GameTypes.Fault,
                run.Cancellation)
            .ConfigureAwait(false);
        await arena.L1.AdvanceAsync(1, run.Cancellation).ConfigureAwait(false);
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove)
            .ConfigureAwait(false);
        GameClient game = new(
            rig.Contracts.Game.At(status.Game!.Value), arena.OnL1(arena.Accounts.User));
        Game proposed = await game.ReadAsync(run.Cancellation).ConfigureAwait(false);
        run.Expect("The proposed L2 block", withdrawal.BlockNumber, proposed.ClaimedBlock);
        TransactionReceipt proven =
            await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await rig.PassClockAsync().ConfigureAwait(false);
        TransactionReceipt claimResolved =
            await game.ResolveClaimAsync(0, 0, run.Cancellation).ConfigureAwait(false);
        TransactionReceipt resolved = await game.ResolveAsync(run.Cancellation).ConfigureAwait(false);
        status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.InAirGap, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        await arena.L1.AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation).ConfigureAwait(false);
        WithdrawalPayment payment = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        return [proven, claimResolved, resolved, payment.Receipt];
    }

    private static async Task DamagedProofAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        GameClient game = await rig.ProposeAsync().ConfigureAwait(false);
        Withdrawal good = withdrawal.Withdrawal;
        WithdrawalProof proof =
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber).ConfigureAwait(false);
        BigInteger before = await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false);
        ulong nonce = await NonceAsync(run, rig).ConfigureAwait(false);
        (Withdrawal damaged, WithdrawalProof damagedProof) = Damage(run, good, proof);
        RevertedException? refusal = null;
        _ = await run.ExpectRevertAsync("The damaged proof", TryAsync).ConfigureAwait(false);
        TransactionReceipt proven =
            await rig.ProveUncheckedAsync(good, proof, 0).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.InAirGap, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        await run.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation).ConfigureAwait(false);
        WithdrawalPayment payment = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);

        // The refused transaction was executed too, and cost its gas and its number.
        BigInteger fees = WithdrawalRig.FeeOf(refusal!.Receipt!, proven, payment.Receipt);
        run.Expect(
            "The user's balance at the end",
            before + good.Value - fees,
            await rig.BalanceAsync(rig.UserAddress).ConfigureAwait(false));
        run.Expect(
            "The user's number of transactions",
            nonce + 3,
            await NonceAsync(run, rig).ConfigureAwait(false));
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);

        async Task TryAsync()
        {
            try
            {
                _ = await rig.ProveUncheckedAsync(damaged, damagedProof, 0).ConfigureAwait(false);
            }
            catch (RevertedException error)
            {
                refusal = error;
                throw;
            }
        }
    }

    private static (Withdrawal Withdrawal, WithdrawalProof Proof) Damage(
        ScenarioRun run, Withdrawal good, WithdrawalProof proof)
    {
        Address thief = run.Arena.Accounts.Thief.Address;
        Bytes32 other = Bytes32.Keccak256("other"u8);
        OutputRoot output = proof.Output;
        return run.Variant.Case switch
        {
            "nonce" => (good with { Nonce = good.Nonce + 1 }, proof),
            "sender" => (good with { Sender = thief }, proof),
            "target" => (good with { Target = thief }, proof),
            "value" => (good with { Value = good.Value + 1 }, proof),
            "gas-limit" => (good with { GasLimit = good.GasLimit + 1 }, proof),
            "data" => (good with { Data = new byte[] { 1 } }, proof),
            "state-root" => (good, proof with { Output = output with { StateRoot = other } }),
            "storage-root" =>
                (good, proof with { Output = output with { MessagePasserStorageRoot = other } }),
            _ => (good, proof with { Output = output with { BlockHash = other } }),
        };
    }

    private static async Task FirstSecondAsync(ScenarioRun run)
    {
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        GameClient game = await rig.ProposeAtHeadAsync().ConfigureAwait(false);
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.WaitingForProposal, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        run.Expect("The first second of a proof", status.L1Timestamp + 1, status.ReadyAt!.Value);
        try
        {
            _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
            run.Expect("What the client did", "a refusal", "a proof");
        }
        catch (NotReadyException error)
        {
            run.Expect("The game that it waits for", game.Contract.Address, error.Status.Game!.Value);
        }

        await run.Arena.L1.AdvanceToAsync(status.ReadyAt.Value, run.Cancellation).ConfigureAwait(false);
        _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.InAirGap, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        await run.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation).ConfigureAwait(false);
        _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task TimelineAsync(ScenarioRun run)
    {
        const int HourSeconds = 3_600;
        Anvil l1 = run.Arena.L1;
        IL2Chain l2 = run.Arena.L2;
        WithdrawalRig rig = await WithdrawalRig.StartAsync(run).ConfigureAwait(false);
        await l2.MineAsync(99, run.Cancellation).ConfigureAwait(false);
        _ = await rig.ProposeAsync(100).ConfigureAwait(false);
        await l2.MineAsync(100, run.Cancellation).ConfigureAwait(false);
        await l1.AdvanceAsync(HourSeconds, run.Cancellation).ConfigureAwait(false);
        _ = await rig.ProposeAsync(200).ConfigureAwait(false);
        await l2.MineAsync(49, run.Cancellation).ConfigureAwait(false);
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        run.Expect("The withdrawal's L2 block", 250ul, withdrawal.BlockNumber);
        _ = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.WaitingForProposal, WithdrawalAction.Wait)
            .ConfigureAwait(false);
        await l2.MineAsync(50, run.Cancellation).ConfigureAwait(false);
        await l1.AdvanceAsync(HourSeconds, run.Cancellation).ConfigureAwait(false);
        GameClient third = await rig.ProposeAsync(300).ConfigureAwait(false);
        _ = await rig.ProposeAsync(260).ConfigureAwait(false);
        WithdrawalProof proof = await rig.ProofAsync(withdrawal, 300).ConfigureAwait(false);
        foreach (ulong index in new ulong[] { 0, 1 })
        {
            // Neither the real output of the earlier block nor that of the later one helps.
            OutputRoot earlier = await OutputRoot
                .ReadAsync(l2.Node, 100 * (index + 1), run.Cancellation)
                .ConfigureAwait(false);
            foreach (WithdrawalProof each in new[] { proof, proof with { Output = earlier } })
            {
                _ = await run
                    .ExpectRevertAsync(
                        $"A proof on proposal {index + 1}",
                        () => rig.ProveUncheckedAsync(withdrawal.Withdrawal, each, index))
                    .ConfigureAwait(false);
            }
        }

        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.ReadyToProve, WithdrawalAction.Prove)
            .ConfigureAwait(false);
        run.Expect("The chosen game", third.Contract.Address, status.Game!.Value);
        run.Expect("The chosen game's number", 2ul, status.GameIndex!.Value);
        _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(third).ConfigureAwait(false);
        status = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        await l1.AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation).ConfigureAwait(false);
        _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static Task<ulong> NonceAsync(ScenarioRun run, WithdrawalRig rig) =>
        run.Arena.L1.Node.GetNonceAsync(rig.UserAddress, cancellation: run.Cancellation);

    private static async Task<BigInteger> OnL2Async(ScenarioRun run, Address[] accounts)
    {
        BigInteger sum = 0;
        foreach (Address account in accounts)
        {
            sum += await run.Arena.L2.Node
                .GetBalanceAsync(account, cancellation: run.Cancellation)
                .ConfigureAwait(false);
        }

        return sum;
    }
}
