using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

/// <summary>A withdrawal that was paid out.</summary>
/// <param name="Receipt">The transaction on L1.</param>
/// <param name="TargetSucceeded">
/// Whether the target took the call. When not, the withdrawal is used up all the same; only a message that
/// went through the messenger can be tried again there.
/// </param>
public sealed record WithdrawalPayment(TransactionReceipt Receipt, bool TargetSucceeded);
