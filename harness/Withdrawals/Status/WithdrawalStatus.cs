using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Withdrawals.Status;

/// <summary>
/// How far a withdrawal was at one L1 block, and why. All times are seconds since 1970 of L1 blocks.
/// </summary>
public sealed record WithdrawalStatus
{
    /// <summary>How far it is.</summary>
    public required WithdrawalStage Stage { get; init; }

    /// <summary>
    /// What blocks it or kept the money from arriving; none unless the stage is <see
    /// cref="WithdrawalStage.Blocked"/> or <see cref="WithdrawalStage.Undelivered"/>.
    /// </summary>
    public BlockReason Reason { get; init; }

    /// <summary>What can be done now.</summary>
    public required WithdrawalAction Next { get; init; }

    /// <summary>Where the money is now.</summary>
    public MoneyPlace Money { get; init; }

    /// <summary>What a contract or node said about it, for the explanation; null when nothing.</summary>
    public string? Detail { get; init; }

    /// <summary>The game type that withdrawals are paid by.</summary>
    public uint RespectedGameType { get; init; }

    /// <summary>Stage, reason and remedy in plain sentences.</summary>
    public required string Explanation { get; init; }

    /// <summary>The number of the L1 block that everything was read at.</summary>
    public required ulong L1BlockNumber { get; init; }

    /// <summary>Its hash.</summary>
    public required Bytes32 L1BlockHash { get; init; }

    /// <summary>Its time.</summary>
    public required ulong L1Timestamp { get; init; }

    /// <summary>The game to prove on, or that it was proven on; null while there is none.</summary>
    public Address? Game { get; init; }

    /// <summary>The factory's number of the game to prove on; null unless one can be proven on.</summary>
    public ulong? GameIndex { get; init; }

    /// <summary>The L2 block that this game claims; null unless one can be proven on.</summary>
    public ulong? GameBlockNumber { get; init; }

    /// <summary>Whose proof it goes by; null when it is unproven.</summary>
    public Address? Prover { get; init; }

    /// <summary>When that proof was made.</summary>
    public ulong? ProvenAt { get; init; }

    /// <summary>The first second in which that proof is old enough.</summary>
    public ulong? MatureAt { get; init; }

    /// <summary>When the game was resolved; null while it is not.</summary>
    public ulong? ResolvedAt { get; init; }

    /// <summary>The first second after the delay that follows the resolution.</summary>
    public ulong? AirGapEndsAt { get; init; }

    /// <summary>
    /// The first second of the next action; null when that hangs on more than time.
    /// </summary>
    public ulong? ReadyAt { get; init; }

    /// <summary>
    /// Whether the portal has executed it and nothing can be done now, be the money delivered or not.
    /// </summary>
    public bool IsFinal => Stage == WithdrawalStage.Finalized
        || (Stage == WithdrawalStage.Undelivered && Next != WithdrawalAction.Replay);
}
