using Culverin.Harness.Values;

namespace Culverin.Harness.Abi;

/// <summary>
/// A contract reverted where success was needed: before anything was sent (<see cref="Receipt"/> is null),
/// or in a block.
/// </summary>
public sealed class RevertedException : ChainException
{
    /// <summary>Makes the exception; <paramref name="what"/> begins its sentence.</summary>
    public RevertedException(string what, RevertReason reason, TransactionReceipt? receipt = null)
        : base(ChainFailure.Reverted, $"{what} reverted: {reason}.")
    {
        Reason = reason;
        Receipt = receipt;
    }

    /// <summary>The decoded reason.</summary>
    public RevertReason Reason { get; }

    /// <summary>The receipt of the transaction that failed; null when none was sent.</summary>
    public TransactionReceipt? Receipt { get; }
}
