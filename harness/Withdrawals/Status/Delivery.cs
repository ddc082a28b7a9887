using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Withdrawals.Status;

/// <summary>What became of a withdrawal that the portal has executed.</summary>
/// <param name="Reason">Why nobody was paid; none when the money arrived, or that is unknown.</param>
/// <param name="Money">Where the money is.</param>
/// <param name="Next">What can be done.</param>
/// <param name="Detail">What a contract or node said; null when nothing.</param>
internal sealed record Delivery(
    BlockReason Reason, MoneyPlace Money, WithdrawalAction Next, string? Detail);
