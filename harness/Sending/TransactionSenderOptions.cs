using System.Numerics;

namespace Culverin.Harness.Sending;

/// <summary>The limits of a <see cref="TransactionSender"/>.</summary>
public sealed record TransactionSenderOptions
{
    /// <summary>
    /// Gas given beyond the estimate, in percent of it: the state may change until the block.
    /// </summary>
    public int GasMarginPercent { get; init; } = 25;

    /// <summary>How long a transaction waits for a block before it is sent again with higher fees.</summary>
    public TimeSpan ResubmitDelay { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// By how much fees rise each time, in percent; nodes in use demand at least 10.
    /// </summary>
    public int FeeBumpPercent { get; init; } = 25;

    /// <summary>How often one transaction is handed to the node at most.</summary>
    public int AttemptCountMax { get; init; } = 8;

    /// <summary>
    /// How often a transaction whose number another one took is sent again under the next number. On an L2
    /// a deposit of the account may take one. Elsewhere another program of the same account did, which may
    /// have meant the same: 0 leaves that to the caller.
    /// </summary>
    public int RenumberCountMax { get; init; }

    /// <summary>Most wei for each unit of gas, base fee and tip together; never exceeded.</summary>
    public BigInteger MaxFeePerGasLimit { get; init; } = new BigInteger(500_000_000_000);

    /// <summary>The wait between two looks for a receipt.</summary>
    public TimeSpan ReceiptPollDelay { get; init; } = TimeSpan.FromMilliseconds(20);
}
