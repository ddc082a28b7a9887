using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals;

/// <summary>A withdrawal cannot be proven or paid out now; nothing was sent.</summary>
public sealed class NotReadyException : ChainException
{
    internal NotReadyException(string what, WithdrawalStatus status)
        : base(ChainFailure.Reverted, $"The withdrawal cannot be {what} now. {status.Explanation}")
    {
        Status = status;
    }

    /// <summary>Why.</summary>
    public WithdrawalStatus Status { get; }
}
