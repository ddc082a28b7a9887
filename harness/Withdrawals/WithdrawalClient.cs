using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

/// <summary>
/// Proves withdrawals and pays them out on L1, each only when the contracts will take it: it reads the status
/// first. One account may do both for anybody's withdrawal.
/// </summary>
public sealed class WithdrawalClient
{
    private readonly WithdrawalContracts _contracts;
    private readonly TransactionSender _sender;

    /// <summary>Uses contracts and sender, which stay the caller's.</summary>
    /// <param name="contracts">The contracts on both chains.</param>
    /// <param name="sender">The account on L1 that pays for the transactions.</param>
    public WithdrawalClient(WithdrawalContracts contracts, TransactionSender sender)
    {
        _contracts = contracts;
        _sender = sender;
        Reader = new WithdrawalReader(contracts);
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
        AbiValue[] arguments = proof.Arguments(initiated.Withdrawal, index);
        return await SendAsync("proveWithdrawalTransaction", arguments, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Pays a withdrawal out. Throws <see cref="NotReadyException"/> when that is not possible now, else
    /// <see cref="ChainException"/>.
    /// </summary>
    /// <param name="initiated">The withdrawal.</param>
    /// <param name="prover">Whose proof to use; null for whichever pays.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<WithdrawalPayment> FinalizeAsync(
        InitiatedWithdrawal initiated, Address? prover = null, CancellationToken cancellation = default)
    {
        WithdrawalStatus status = await Reader
            .ReadAsync(initiated, prover, cancellation)
            .ConfigureAwait(false);
        if (status is not { Next: WithdrawalAction.Finalize, Prover: { } chosen })
        {
            throw new NotReadyException("paid out", status);
        }

        TransactionReceipt receipt = await SendAsync(
            "finalizeWithdrawalTransactionExternalProof",
            [initiated.Withdrawal.Values, chosen],
            cancellation).ConfigureAwait(false);
        AbiEvent finalized = _contracts.Portal.Abi.Event("WithdrawalFinalized");
        LogEntry log = receipt.Logs.FirstOrDefault(
                entry => entry.Address == _contracts.Portal.Address && finalized.Matches(entry))
            ?? throw new ChainException(
                ChainFailure.BadAnswer, "The portal executed a payment without an event of it.");
        return new WithdrawalPayment(receipt, finalized.Decode(log)[1].AsBoolean());
    }

    private Task<TransactionReceipt> SendAsync(
        string function, AbiValue[] arguments, CancellationToken cancellation)
    {
        Contract portal = _contracts.Portal;
        CallRequest call = portal.Request(_sender.Address, function, arguments);
        return _sender.SendAsync(call, [portal.Abi], cancellation);
    }
}
