namespace Culverin.Harness.Withdrawals.Status;

/// <summary>How far a withdrawal is; the numbers are stable.</summary>
public enum WithdrawalStage
{
    /// <summary>No game covers its L2 block yet.</summary>
    WaitingForProposal = 1,

    /// <summary>A game covers its block, and it can be proven now.</summary>
    ReadyToProve = 2,

    /// <summary>Proven; the proof's delay runs.</summary>
    Maturing = 3,

    /// <summary>The proof is old enough, and its game is not resolved.</summary>
    WaitingForGame = 4,

    /// <summary>The game is resolved; the delay after that runs.</summary>
    InAirGap = 5,

    /// <summary>It can be paid out now.</summary>
    ReadyToFinalize = 6,

    /// <summary>
    /// It was paid out; <see cref="WithdrawalStatus.Money"/> says when that cannot be told for certain.
    /// </summary>
    Finalized = 7,

    /// <summary>Time alone does not help: <see cref="WithdrawalStatus.Reason"/> says why.</summary>
    Blocked = 8,

    /// <summary>
    /// The portal has executed it, and nobody was paid: <see cref="WithdrawalStatus.Reason"/> says why, <see
    /// cref="WithdrawalStatus.Money"/> where the money is.
    /// </summary>
    Undelivered = 9,
}
