namespace Culverin.Harness.Withdrawals;

/// <summary>What blocks a withdrawal; the numbers are stable.</summary>
public enum BlockReason
{
    /// <summary>Nothing does.</summary>
    None = 0,

    /// <summary>The guardian has paused the system.</summary>
    Paused = 1,

    /// <summary>The guardian has blacklisted the game.</summary>
    GameBlacklisted = 2,

    /// <summary>The game was lost.</summary>
    GameLost = 3,

    /// <summary>The game is not of the type that withdrawals are paid by.</summary>
    WrongGameType = 4,

    /// <summary>The game is older than the last change of that type.</summary>
    GameRetired = 5,

    /// <summary>It was proven in the second of the game's creation, which never counts.</summary>
    ProvenTooEarly = 6,

    /// <summary>The game claims an output root that the L2 does not have.</summary>
    WrongOutputRoot = 7,

    /// <summary>The game claims an L2 block that the L2's node does not have.</summary>
    UnknownBlock = 8,

    /// <summary>The portal refuses for another reason, which the explanation tells.</summary>
    RefusedByPortal = 9,
}
