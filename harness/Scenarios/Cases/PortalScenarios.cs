using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>What the portal refuses, each with its own words, and what it takes all the same.</summary>
internal static class PortalScenarios
{
    private static readonly Dictionary<string, Func<ScenarioRun, WithdrawalRig, Task>> Proofs = new()
    {
        ["on-self-call"] = ProveSelfCallAsync,
        ["on-invalid-output-root-proof"] = ProveWrongOutputAsync,
        ["on-invalid-withdrawal-proof"] = ProveWrongNodesAsync,
        ["bad-game-type"] = ProveWrongTypeAsync,
        ["different-game-challenger-wins"] = ProveOnLostGameAsync,
    };

    private static readonly Dictionary<string, Func<ScenarioRun, WithdrawalRig, Task>> Payments = new()
    {
        ["not-proven"] = PayUnprovenAsync,
        ["proof-not-old-enough"] = PayYoungProofAsync,
        ["timestamp-less-than-game-creation"] = PayProofOfFirstSecondAsync,
        ["game-not-resolved"] = PayUnresolvedAsync,
        ["game-in-air-gap"] = PayInAirGapAsync,
        ["target-fails"] = PayRefusingTargetAsync,
        ["on-replay"] = PayTwiceAsync,
        ["insufficient-gas"] = PayWithoutGasAsync,
        ["second-proof-replay"] = PaySecondProofAsync,
        ["secondary-proof"] = PayByOtherProofAsync,
    };

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        Make(
            "portal-prove",
            "A proof that the portal must refuse",
            "It is refused with the right reason, and a right proof is taken afterwards.",
            Proofs),
        Make(
            "portal-finalize",
            "A payment that the portal must refuse, or makes in an unusual way",
            "Nothing is paid too early, twice or on a worthless proof, and everything is paid in the end.",
            Payments),
    ];

    private static Scenario Make(
        string id,
        string title,
        string proves,
        Dictionary<string, Func<ScenarioRun, WithdrawalRig, Task>> cases) => new()
        {
            Id = id,
            Title = title,
            Proves = proves,
            Variants = ScenarioVariant.Cross(cases.Keys, ScenarioVariant.Only),
            Body = async run =>
                await cases[run.Variant.Case!](
                    run, await WithdrawalRig.StartAsync(run).ConfigureAwait(false)).ConfigureAwait(false),
        };

    private static async Task ProveSelfCallAsync(ScenarioRun run, WithdrawalRig rig)
    {
        InitiatedWithdrawal withdrawal = await rig.Initiator
            .WithdrawEtherAsync(rig.Portal.Address, 1, cancellation: run.Cancellation)
            .ConfigureAwait(false);
        _ = await rig.ProposeAsync().ConfigureAwait(false);
        WithdrawalProof proof =
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber).ConfigureAwait(false);
        _ = await ExpectNoProofAsync(run, rig, withdrawal, proof, 0, "messages to the portal")
            .ConfigureAwait(false);
        run.ExpectOutcome("0 proofs", await ProofsAsync(run, rig, withdrawal).ConfigureAwait(false));
    }

    private static async Task ProveWrongOutputAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, _, WithdrawalProof proof) =
            await ProposedAsync(rig).ConfigureAwait(false);
        WithdrawalProof wrong =
            proof with { Output = proof.Output with { StateRoot = Bytes32.Keccak256("wrong"u8) } };
        _ = await ExpectNoProofAsync(run, rig, withdrawal, wrong, 0, "invalid output root proof")
            .ConfigureAwait(false);
        await ExpectProofAsync(run, rig, withdrawal, proof, 0).ConfigureAwait(false);
    }

    private static async Task ProveWrongNodesAsync(ScenarioRun run, WithdrawalRig rig)
    {
        InitiatedWithdrawal other = await rig.WithdrawAsync().ConfigureAwait(false);
        (InitiatedWithdrawal withdrawal, _, WithdrawalProof proof) =
            await ProposedAsync(rig).ConfigureAwait(false);
        WithdrawalProof others = await rig.ProofAsync(other, withdrawal.BlockNumber).ConfigureAwait(false);
        _ = await ExpectNoProofAsync(run, rig, withdrawal, others, 0, "MerkleTrie").ConfigureAwait(false);
        await ExpectProofAsync(run, rig, withdrawal, proof, 0).ConfigureAwait(false);
    }

    private static async Task ProveWrongTypeAsync(ScenarioRun run, WithdrawalRig rig)
    {
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        _ = await rig.ProposeAsync(type: GameTypes.Permissioned).ConfigureAwait(false);
        _ = await rig.ProposeAsync().ConfigureAwait(false);
        WithdrawalProof proof =
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber).ConfigureAwait(false);
        _ = await ExpectNoProofAsync(run, rig, withdrawal, proof, 0, "invalid game type")
            .ConfigureAwait(false);
        await ExpectProofAsync(run, rig, withdrawal, proof, 1).ConfigureAwait(false);
    }

    private static async Task ProveOnLostGameAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient lost, WithdrawalProof proof) =
            await ProposedAsync(rig).ConfigureAwait(false);
        await rig.LoseAsync(lost).ConfigureAwait(false);
        await run.Arena.L2.MineAsync(1, run.Cancellation).ConfigureAwait(false);
        _ = await rig.ProposeAsync().ConfigureAwait(false);
        WithdrawalProof later =
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber + 1).ConfigureAwait(false);
        await ExpectProofAsync(run, rig, withdrawal, later, 1).ConfigureAwait(false);
        _ = await ExpectNoProofAsync(
            run, rig, withdrawal, proof, 0, "cannot prove against invalid dispute games")
            .ConfigureAwait(false);
    }

    private static async Task PayUnprovenAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient game, _) = await ProposedAsync(rig).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "has not been proven").ConfigureAwait(false);
        _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await PayInTimeAsync(run, rig, withdrawal).ConfigureAwait(false);
    }

    private static async Task PayYoungProofAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient game) = await ProvenAsync(run, rig).ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "has not matured yet").ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        await PayInTimeAsync(run, rig, withdrawal).ConfigureAwait(false);
    }

    private static async Task PayProofOfFirstSecondAsync(ScenarioRun run, WithdrawalRig rig)
    {
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        WithdrawalProof proof =
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber).ConfigureAwait(false);
        await run.Arena.L1.SetBlockIntervalAsync(0, run.Cancellation).ConfigureAwait(false);
        GameClient game = await rig.ProposeAtHeadAsync().ConfigureAwait(false);
        _ = await rig.ProveUncheckedAsync(withdrawal.Withdrawal, proof, 0).ConfigureAwait(false);
        await run.Arena.L1
            .SetBlockIntervalAsync(run.Arena.Options.L1BlockSeconds, run.Cancellation)
            .ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.ProofMaturitySeconds, run.Cancellation)
            .ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "timestamp less than dispute game creation")
            .ConfigureAwait(false);
        _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await PayInTimeAsync(run, rig, withdrawal).ConfigureAwait(false);
    }

    private static async Task PayUnresolvedAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient game) = await ProvenAsync(run, rig).ConfigureAwait(false);
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.ProofMaturitySeconds + 1, run.Cancellation)
            .ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "has not been validated").ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        await PayInTimeAsync(run, rig, withdrawal).ConfigureAwait(false);
    }

    private static async Task PayInAirGapAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient game) = await ProvenAsync(run, rig).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        WithdrawalStatus status = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.InAirGap, WithdrawalAction.Wait)
            .ConfigureAwait(false);

        // What is sent gets into the block of the next second: the last of the gap, and the first after it.
        await run.Arena.L1
            .AdvanceToAsync(status.ReadyAt!.Value - 2, run.Cancellation)
            .ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "air-gap").ConfigureAwait(false);
        TransactionReceipt paid = await rig.PayUncheckedAsync(withdrawal).ConfigureAwait(false);
        Block block = await run.Arena.L1.Node
            .GetBlockAsync(paid.BlockNumber, run.Cancellation)
            .ConfigureAwait(false);
        run.Expect("The second of the payment", status.ReadyAt.Value, block.Timestamp);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task PayRefusingTargetAsync(ScenarioRun run, WithdrawalRig rig)
    {
        InitiatedWithdrawal withdrawal = await rig.Initiator
            .WithdrawEtherAsync(run.Arena.Contracts.Factory.Address, 5, cancellation: run.Cancellation)
            .ConfigureAwait(false);
        BigInteger portal = await rig.BalanceAsync(rig.Portal.Address).ConfigureAwait(false);
        await PrepareAsync(run, rig, withdrawal).ConfigureAwait(false);
        bool isRefused = false;
        try
        {
            _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        }
        catch (RefusedDeliveryException)
        {
            isRefused = true;
        }

        run.Expect("Whether nothing is sent unless the loss is accepted", true, isRefused);
        _ = await rig
            .ExpectStageAsync(withdrawal, WithdrawalStage.ReadyToFinalize, WithdrawalAction.Finalize)
            .ConfigureAwait(false);
        WithdrawalPayment payment = await rig.User
            .FinalizeAsync(withdrawal, acceptsLoss: true, cancellation: run.Cancellation)
            .ConfigureAwait(false);
        run.Expect("Whether the target took the call", false, payment.TargetSucceeded);
        run.Expect(
            "The portal's balance", portal, await rig.BalanceAsync(rig.Portal.Address).ConfigureAwait(false));
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "already been finalized").ConfigureAwait(false);
        WithdrawalStatus status = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        run.Expect("Where the money is", MoneyPlace.Portal, status.Money);
        run.ExpectOutcome(WithdrawalStage.Undelivered, status.Stage);
    }

    private static async Task PayTwiceAsync(ScenarioRun run, WithdrawalRig rig)
    {
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        await PrepareAsync(run, rig, withdrawal).ConfigureAwait(false);
        _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "already been finalized").ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task PayWithoutGasAsync(ScenarioRun run, WithdrawalRig rig)
    {
        const ulong TooLittleGas = 150_000;
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        await PrepareAsync(run, rig, withdrawal).ConfigureAwait(false);
        _ = await run
            .ExpectRevertAsync(
                "A payment with less gas than the withdrawal names",
                () => rig.SendAsync(
                    run.Arena.Accounts.User,
                    rig.Portal,
                    new OptimismPortal2.FinalizeWithdrawalTransactionFunction
                    {
                        Tx = withdrawal.Withdrawal.Transaction,
                    },
                    gas: TooLittleGas),
                "Not enough gas")
            .ConfigureAwait(false);
        _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static async Task PaySecondProofAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient game) = await ProvenAsync(run, rig).ConfigureAwait(false);
        await ProveAsHelperAsync(run, rig, withdrawal, 0).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        await PayInTimeAsync(run, rig, withdrawal).ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(
            run, rig, withdrawal, "already been finalized", run.Arena.Accounts.Helper.Address)
            .ConfigureAwait(false);
    }

    private static async Task PayByOtherProofAsync(ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient first) =
            await ProvenAsync(run, rig).ConfigureAwait(false);
        await run.Arena.L2.MineAsync(1, run.Cancellation).ConfigureAwait(false);
        GameClient second = await rig.ProposeAsync().ConfigureAwait(false);
        await ProveAsHelperAsync(run, rig, withdrawal, 1).ConfigureAwait(false);
        await run.Arena.BlacklistAsync(first.Contract.Address, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(second).ConfigureAwait(false);
        WithdrawalStatus status = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        run.Expect("Whose proof counts", run.Arena.Accounts.Helper.Address, status.Prover!.Value);
        await run.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation).ConfigureAwait(false);
        _ = await ExpectNoPaymentAsync(run, rig, withdrawal, "blacklisted").ConfigureAwait(false);
        await PayInTimeAsync(run, rig, withdrawal).ConfigureAwait(false);
    }

    private static async Task<(InitiatedWithdrawal, GameClient, WithdrawalProof)> ProposedAsync(
        WithdrawalRig rig)
    {
        InitiatedWithdrawal withdrawal = await rig.WithdrawAsync().ConfigureAwait(false);
        GameClient game = await rig.ProposeAsync().ConfigureAwait(false);
        return (
            withdrawal,
            game,
            await rig.ProofAsync(withdrawal, withdrawal.BlockNumber).ConfigureAwait(false));
    }

    private static async Task<(InitiatedWithdrawal, GameClient)> ProvenAsync(
        ScenarioRun run, WithdrawalRig rig)
    {
        (InitiatedWithdrawal withdrawal, GameClient game, _) = await ProposedAsync(rig).ConfigureAwait(false);
        _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        return (withdrawal, game);
    }

    // Up to the second in which it can be paid out.
    private static async Task PrepareAsync(
        ScenarioRun run, WithdrawalRig rig, InitiatedWithdrawal withdrawal)
    {
        GameClient game = await rig.ProposeAsync().ConfigureAwait(false);
        _ = await rig.User.ProveAsync(withdrawal, run.Cancellation).ConfigureAwait(false);
        await rig.WinAsync(game).ConfigureAwait(false);
        WithdrawalStatus status = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        await run.Arena.L1.AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation).ConfigureAwait(false);
    }

    // The client looks for a proof by itself; another's is made beside the user's by hand.
    private static async Task ProveAsHelperAsync(
        ScenarioRun run, WithdrawalRig rig, InitiatedWithdrawal withdrawal, ulong gameIndex)
    {
        WithdrawalProof proof = await rig
            .ProofAsync(withdrawal, withdrawal.BlockNumber + gameIndex)
            .ConfigureAwait(false);
        _ = await rig
            .SendAsync(
                run.Arena.Accounts.Helper, rig.Portal, proof.Call(withdrawal.Withdrawal, gameIndex))
            .ConfigureAwait(false);
    }

    private static async Task PayInTimeAsync(
        ScenarioRun run, WithdrawalRig rig, InitiatedWithdrawal withdrawal)
    {
        WithdrawalStatus status = await rig.StatusAsync(withdrawal).ConfigureAwait(false);
        if (status.Next != WithdrawalAction.Finalize)
        {
            await run.Arena.L1
                .AdvanceToAsync(status.ReadyAt!.Value, run.Cancellation)
                .ConfigureAwait(false);
        }

        _ = await rig.FinalizeAsync(withdrawal).ConfigureAwait(false);
        await rig.ExpectPaidAsync(withdrawal).ConfigureAwait(false);
    }

    private static Task<RevertReason> ExpectNoPaymentAsync(
        ScenarioRun run,
        WithdrawalRig rig,
        InitiatedWithdrawal withdrawal,
        string words,
        Address? prover = null) =>
        run.ExpectRevertAsync("The payment", () => rig.PayUncheckedAsync(withdrawal, prover), words);

    private static Task<RevertReason> ExpectNoProofAsync(
        ScenarioRun run,
        WithdrawalRig rig,
        InitiatedWithdrawal withdrawal,
        WithdrawalProof proof,
        ulong gameIndex,
        string words) =>
        run.ExpectRevertAsync(
            "The proof", () => rig.ProveUncheckedAsync(withdrawal.Withdrawal, proof, gameIndex), words);

    private static async Task ExpectProofAsync(
        ScenarioRun run,
        WithdrawalRig rig,
        InitiatedWithdrawal withdrawal,
        WithdrawalProof proof,
        ulong gameIndex)
    {
        _ = await rig
            .ProveUncheckedAsync(withdrawal.Withdrawal, proof, gameIndex)
            .ConfigureAwait(false);
        run.ExpectOutcome("1 proofs", await ProofsAsync(run, rig, withdrawal).ConfigureAwait(false));
    }

    private static async Task<string> ProofsAsync(
        ScenarioRun run, WithdrawalRig rig, InitiatedWithdrawal withdrawal)
    {
        OptimismPortal2.NumProofSubmittersResult count = await rig.Portal
            .ReadAsync(
                new OptimismPortal2.NumProofSubmittersFunction
                {
                    WithdrawalHash = withdrawal.Withdrawal.Hash,
                },
                cancellation: run.Cancellation)
            .ConfigureAwait(false);
        return $"{count.Value} proofs";
    }
}
