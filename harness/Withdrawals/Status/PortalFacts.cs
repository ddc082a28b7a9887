using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Status;

/// <summary>What the portal and the factory say at one block.</summary>
internal sealed record PortalFacts
{
    /// <summary>The block.</summary>
    public required Block Head { get; init; }

    /// <summary>By which rules it takes games for worth something.</summary>
    public required PortalRules Rules { get; init; }

    /// <summary>Who decides about games; null where the portal itself does.</summary>
    public Address? Registry { get; init; }

    /// <summary>Whether the system is paused.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>Whether the withdrawal in question was executed, with whatever success.</summary>
    public required bool IsFinalized { get; init; }

    /// <summary>The game type that withdrawals are paid by.</summary>
    public required BigInteger RespectedType { get; init; }

    /// <summary>
    /// When that was set last, or games were retired last: older games do not count.
    /// </summary>
    public required ulong RespectedTypeUpdatedAt { get; init; }

    /// <summary>Seconds that must be more than passed since the proof.</summary>
    public required ulong MaturitySeconds { get; init; }

    /// <summary>Seconds that must be more than passed since the game's resolution.</summary>
    public required ulong FinalitySeconds { get; init; }

    /// <summary>How many proofs the withdrawal in question has.</summary>
    public required ulong ProofCount { get; init; }

    /// <summary>How many games there are.</summary>
    public required ulong GameCount { get; init; }
}
