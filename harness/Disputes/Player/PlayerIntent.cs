using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>A transaction that a player wants to send.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="ClaimIndex">The claim that it is about; null when it is about none.</param>
/// <param name="Reason">Why, in one sentence for a person.</param>
public sealed record PlayerIntent(PlayerActionKind Kind, int? ClaimIndex, string Reason)
{
    /// <summary>Whether a move or step attacks the claim; null for all others.</summary>
    public bool? IsAttack { get; init; }

    /// <summary>What a move claims; null for all others.</summary>
    public Bytes32? Value { get; init; }

    /// <summary>The bond in wei that it puts at stake.</summary>
    public BigInteger BondWei { get; init; }

    /// <summary>The gas that it would use; null when that cannot be known before others are done.</summary>
    public ulong? Gas { get; init; }

    /// <summary>What the gas would cost in wei, at the newest block's fee; null when not known.</summary>
    public BigInteger? GasCostWei { get; init; }
}
