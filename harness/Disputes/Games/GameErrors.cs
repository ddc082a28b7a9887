using Culverin.Harness.Abi;


namespace Culverin.Harness.Disputes.Games;

/// <summary>
/// Errors of a game's contract that tell a player more than that something is wrong; compare with the name
/// of a <see cref="RevertedException"/>'s reason.
/// </summary>
public static class GameErrors
{
    /// <summary>The same claim was made before, by anyone.</summary>
    public const string ClaimAlreadyExists = nameof(ClaimAlreadyExists);

    /// <summary>The claim is resolved.</summary>
    public const string ClaimAlreadyResolved = nameof(ClaimAlreadyResolved);

    /// <summary>The time of the mover's side is over.</summary>
    public const string ClockTimeExceeded = nameof(ClockTimeExceeded);

    /// <summary>The other side has time left.</summary>
    public const string ClockNotExpired = nameof(ClockNotExpired);

    /// <summary>The claim is refuted by a step already.</summary>
    public const string DuplicateStep = nameof(DuplicateStep);

    /// <summary>The game is resolved.</summary>
    public const string GameNotInProgress = nameof(GameNotInProgress);

    /// <summary>Another claim is at the index: the chain was reorganised.</summary>
    public const string InvalidDisputedClaimIndex = nameof(InvalidDisputedClaimIndex);

    /// <summary>The root claim was shown to be about another block.</summary>
    public const string BlockNumberChallenged = "L2BlockNumberChallenged";

    /// <summary>Nothing is owed any more.</summary>
    public const string NoCreditToClaim = nameof(NoCreditToClaim);

    /// <summary>True when somebody has done before what was refused now: nothing is left to do.</summary>
    public static bool MeansDone(RevertedException error) => error.Reason.Name
        is ClaimAlreadyExists or ClaimAlreadyResolved or DuplicateStep or GameNotInProgress
            or BlockNumberChallenged or NoCreditToClaim;
}
