using System.Collections.Generic;
using System.Linq;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

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
        Contract messagePasser, IEnumerable<LogEntry> logs)
    {
        AbiEvent passed = messagePasser.Abi.Event("MessagePassed");
        return
        [
            .. logs
                .Where(log => log.Address == messagePasser.Address && passed.Matches(log))
                .Select(log => Read(passed, log)),
        ];
    }

    private static InitiatedWithdrawal Read(AbiEvent passed, LogEntry log)
    {
        IReadOnlyList<AbiValue> values = passed.Decode(log);
        Withdrawal withdrawal = new(
            values[0].AsInteger(),
            values[1].AsAddress(),
            values[2].AsAddress(),
            values[3].AsInteger(),
            values[4].AsInteger(),
            values[5].AsBytes());
        return withdrawal.Hash == values[6].AsBytes32()
            ? new InitiatedWithdrawal(withdrawal, log.BlockNumber, log.TransactionHash)
            : throw new ChainException(
                ChainFailure.BadAnswer, "A withdrawal does not hash to the hash in its log entry.");
    }
}
