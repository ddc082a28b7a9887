using System.Globalization;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>What everybody who follows the L2 must agree on.</summary>
public sealed record RollupConfig
{
    private const int InboxDigits = 2 * Address.SizeBytes - 2;

    /// <summary>The L2's chain id.</summary>
    public required ulong L2ChainId { get; init; }

    /// <summary>The account that posts batches on L1.</summary>
    public required Address Batcher { get; init; }

    /// <summary>The L1 contract that takes deposits.</summary>
    public required Address Portal { get; init; }

    /// <summary>
    /// The L1 block that the L2's first block belongs to: deposits and batches count after it.
    /// </summary>
    public required ulong L1StartNumber { get; init; }

    /// <summary>Seconds between two L2 blocks; an L2 block is never older than its L1 origin.</summary>
    public ulong BlockSeconds { get; init; } = 2;

    /// <summary>
    /// The address on L1 that batches are sent to: 0xff, zeros, and the L2's chain id in decimal digits.
    /// </summary>
    public Address BatchInbox => InboxOf(L2ChainId);

    /// <summary>The inbox of a chain.</summary>
    public static Address InboxOf(ulong l2ChainId)
    {
        string digits = l2ChainId.ToString(CultureInfo.InvariantCulture).PadLeft(InboxDigits, '0');
        return Address.Parse("0xff" + digits);
    }
}
