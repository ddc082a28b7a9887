using Culverin.Harness.Values;


namespace Culverin.Harness.Withdrawals.Messages;

/// <summary>A withdrawal that was executed, or whose message was delivered again.</summary>
/// <param name="Receipt">The transaction on L1.</param>
/// <param name="TargetSucceeded">
/// Whether the portal's call of the target went through. When not, the withdrawal is used up all the same,
/// and nothing can be tried again.
/// </param>
/// <param name="IsDelivered">
/// Whether the money is where it should be. A message may have got to the messenger and no further: <see
/// cref="WithdrawalClient.ReplayAsync"/> tries it again.
/// </param>
public sealed record WithdrawalPayment(
    TransactionReceipt Receipt, bool TargetSucceeded, bool IsDelivered);
