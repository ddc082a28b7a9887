using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>A withdrawal and where on L2 it was asked for.</summary>
/// <param name="Withdrawal">The withdrawal.</param>
/// <param name="BlockNumber">The L2 block, which a proposal must cover.</param>
/// <param name="TransactionHash">The L2 transaction.</param>
public sealed record InitiatedWithdrawal(Withdrawal Withdrawal, ulong BlockNumber, Bytes32 TransactionHash)
{
    /// <summary>
    /// The withdrawals in these log entries, in their order. Throws <see cref="ChainException"/> when one
    /// does not hash to the hash that the contract logged for it.
    /// </summary>
    internal static IReadOnlyList<InitiatedWithdrawal> In(
        Contract messagePasser, IEnumerable<LogEntry> logs) =>
    [
        .. logs
            .Where(log => log.Address == messagePasser.Address
                && ContractCodec.Matches<L2ToL1MessagePasser.MessagePassedEvent>(log))
            .Select(Read),
    ];

    private static InitiatedWithdrawal Read(LogEntry log)
    {
        L2ToL1MessagePasser.MessagePassedEvent passed =
            ContractCodec.DecodeEvent<L2ToL1MessagePasser.MessagePassedEvent>(log);
        Withdrawal withdrawal = new(
            passed.NonceArgument,
            passed.Sender,
            passed.Target,
            passed.Value,
            passed.GasLimit,
            passed.Data);
        return withdrawal.Hash == passed.WithdrawalHash
            ? new InitiatedWithdrawal(withdrawal, log.BlockNumber, log.TransactionHash)
            : throw new ChainException(
                ChainFailure.BadAnswer, "A withdrawal does not hash to the hash in its log entry.");
    }
}
