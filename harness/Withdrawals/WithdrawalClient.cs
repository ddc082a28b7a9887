using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Reading;
using Culverin.Harness.Withdrawals.Status;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Withdrawals;

/// <summary>
/// Proves withdrawals and pays them out on L1, each only when the contracts will take it: it reads the status
/// first. One account may do both for anybody's withdrawal.
/// </summary>
public sealed class WithdrawalClient
{
    private readonly WithdrawalContracts _contracts;
    private readonly TransactionSender _sender;
    private readonly RefusalProbe _probe;

    /// <summary>Uses contracts and sender, which stay the caller's.</summary>
    /// <param name="contracts">The contracts on both chains.</param>
    /// <param name="sender">The account on L1 that pays for the transactions.</param>
    public WithdrawalClient(WithdrawalContracts contracts, TransactionSender sender)
    {
        _contracts = contracts;
        _sender = sender;
        _probe = new RefusalProbe(contracts);
        Reader = new WithdrawalReader(contracts, sender.Address);
    }

    /// <summary>Tells how far a withdrawal is.</summary>
    public WithdrawalReader Reader { get; }

    /// <summary>
    /// Proves a withdrawal on the earliest game that serves, be it for the first time, or because no proof
    /// that it has will ever pay. Throws <see cref="NotReadyException"/> when neither is so, or nothing to
    /// prove on exists; else <see cref="ChainException"/>.
    /// </summary>
    public async Task<TransactionReceipt> ProveAsync(
        InitiatedWithdrawal initiated, CancellationToken cancellation = default)
    {
        WithdrawalStatus status = await Reader
            .ReadAsync(initiated, cancellation: cancellation)
            .ConfigureAwait(false);
        if (status is not
            { Next: WithdrawalAction.Prove, GameIndex: { } index, GameBlockNumber: { } block })
        {
            throw new NotReadyException("proven", status);
        }

        WithdrawalProof proof = await WithdrawalProof
            .BuildAsync(_contracts.MessagePasser.Node, initiated.Withdrawal, block, cancellation)
            .ConfigureAwait(false);
        return await SendAsync(
            _contracts.Portal, proof.Call(initiated.Withdrawal, index), null, cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Pays a withdrawal out, with the gas that its target needs and not only what it names. Throws <see
    /// cref="NotReadyException"/> when that is not possible now, <see cref="RefusedDeliveryException"/> when
    /// the money would not arrive and the withdrawal be used up, else <see cref="ChainException"/>.
    /// </summary>
    /// <param name="initiated">The withdrawal.</param>
    /// <param name="prover">Whose proof to use; null for whichever pays.</param>
    /// <param name="acceptsLoss">Whether to execute it even when the money would not arrive.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<WithdrawalPayment> FinalizeAsync(
        InitiatedWithdrawal initiated,
        Address? prover = null,
        bool acceptsLoss = false,
        CancellationToken cancellation = default)
    {
        WithdrawalStatus status = await Reader
            .ReadAsync(initiated, prover, cancellation)
            .ConfigureAwait(false);
        if (status is not { Next: WithdrawalAction.Finalize, Prover: { } chosen })
        {
            throw new NotReadyException("paid out", status);
        }

        Contract portal = _contracts.Portal;
        WithdrawalParties parties = WithdrawalParties.Of(initiated.Withdrawal, _contracts);
        OptimismPortal2.FinalizeWithdrawalTransactionExternalProofFunction payment = new()
        {
            Tx = initiated.Withdrawal.Transaction,
            ProofSubmitter = chosen,
        };
        ulong? gas = await FindGasAsync(portal, payment, parties, acceptsLoss, cancellation)
            .ConfigureAwait(false);
        TransactionReceipt receipt =
            await SendAsync(portal, payment, gas, cancellation).ConfigureAwait(false);
        LogEntry log = receipt.Logs.FirstOrDefault(entry => entry.Address == portal.Address
                && ContractCodec.Matches<OptimismPortal2.WithdrawalFinalizedEvent>(entry))
            ?? throw new ChainException(
                ChainFailure.BadAnswer, "The portal executed a payment without an event of it.");
        bool succeeded =
            ContractCodec.DecodeEvent<OptimismPortal2.WithdrawalFinalizedEvent>(log).Success;
        return new WithdrawalPayment(
            receipt, succeeded, succeeded && (parties.Message is null || IsRelayed(parties, receipt)));
    }

    /// <summary>
    /// Lets the messenger deliver a message again that it could not deliver before. Throws <see
    /// cref="NotReadyException"/> when there is no such message, <see cref="RefusedDeliveryException"/> when
    /// it would fail again, else <see cref="ChainException"/>.
    /// </summary>
    /// <param name="initiated">The withdrawal.</param>
    /// <param name="gas">Gas of the transaction; null for what it needs, which is found out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<WithdrawalPayment> ReplayAsync(
        InitiatedWithdrawal initiated, ulong? gas = null, CancellationToken cancellation = default)
    {
        WithdrawalStatus status = await Reader
            .ReadAsync(initiated, cancellation: cancellation)
            .ConfigureAwait(false);
        WithdrawalParties parties = WithdrawalParties.Of(initiated.Withdrawal, _contracts);
        if (status.Reason != BlockReason.RelayFailed || parties.Message is not { } message)
        {
            throw new NotReadyException("replayed", status);
        }

        Contract messenger = _contracts.L1Messenger.At(initiated.Withdrawal.Target);
        ulong? needed = await FindGasAsync(messenger, message.Relay, parties, false, cancellation)
            .ConfigureAwait(false);
        TransactionReceipt receipt =
            await SendAsync(messenger, message.Relay, gas ?? needed, cancellation).ConfigureAwait(false);
        return new WithdrawalPayment(receipt, true, IsRelayed(parties, receipt));
    }

    // The gas with which the money arrives; null when it will not, and that is accepted.
    private async Task<ulong?> FindGasAsync(
        Contract contract,
        FunctionMessage message,
        WithdrawalParties parties,
        bool acceptsLoss,
        CancellationToken cancellation)
    {
        ulong? gas = await EstimationAccount
            .FindGasAsync(contract, message, cancellation)
            .ConfigureAwait(false);
        if (gas is not null || acceptsLoss)
        {
            return gas;
        }

        // What the contract itself refuses is refused for everyone.
        CallRequest call = contract.Request(_sender.Address, message);
        CallOutcome outcome = await contract.Node.CallAsync(call, cancellation).ConfigureAwait(false);
        _ = outcome.Require("The transaction");
        bool isExecuted = contract != _contracts.Portal;
        throw new RefusedDeliveryException(await _probe
            .AskAsync(parties, isExecuted, BlockReference.Latest, cancellation)
            .ConfigureAwait(false));
    }

    private static bool IsRelayed(WithdrawalParties parties, TransactionReceipt receipt) =>
        receipt.Logs.Any(log =>
            log.Address == parties.Withdrawal.Target
            && ContractCodec.Matches<L1CrossDomainMessenger.RelayedMessageEvent>(log)
            && ContractCodec.DecodeEvent<L1CrossDomainMessenger.RelayedMessageEvent>(log).MsgHash
                == parties.Message!.Hash);

    private Task<TransactionReceipt> SendAsync(
        Contract contract, FunctionMessage message, ulong? gas, CancellationToken cancellation)
    {
        CallRequest call = contract.Request(_sender.Address, message) with { GasLimit = gas };
        return _sender.SendAsync(call, cancellation);
    }
}
