namespace Culverin.Harness.Disputes.Player;

/// <summary>The kinds of transactions that a player sends.</summary>
public enum PlayerActionKind
{
    /// <summary>A counter-claim with a bond.</summary>
    Move = 0,

    /// <summary>A part of a pre-image for a step.</summary>
    LoadPreimage = 1,

    /// <summary>A step of the virtual machine.</summary>
    Step = 2,

    /// <summary>Shows that the root claim is about another block.</summary>
    ChallengeBlockNumber = 3,

    /// <summary>Resolves the game under a claim.</summary>
    ResolveClaim = 4,

    /// <summary>Resolves the game.</summary>
    ResolveGame = 5,

    /// <summary>Pays an account what it won.</summary>
    ClaimCredit = 6,

    /// <summary>Shows that another's proposal of a large pre-image is wrong.</summary>
    ChallengePreimage = 7,

    /// <summary>Takes an own proposal of a large pre-image, whose bond comes back.</summary>
    TakePreimage = 8,
}
