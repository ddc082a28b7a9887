namespace Culverin.Harness.Withdrawals.Status;

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

    /// <summary>Withdrawals are paid by a type of game whose claims are not known here.</summary>
    UnknownGameType = 10,

    /// <summary>The L2's node no longer has the state of the blocks that games claim.</summary>
    StateUnavailable = 11,

    /// <summary>The game is of another factory or registry than those that count now.</summary>
    GameUnregistered = 12,

    /// <summary>The portal executed it, and its target refused the call.</summary>
    TargetRefused = 13,

    /// <summary>The messenger has the message, and its receiver refused it.</summary>
    RelayFailed = 14,
}
