namespace Culverin.Harness.Disputes.Player;

/// <summary>How a player stands to a game.</summary>
public enum PlayerPhase
{
    /// <summary>The game or something that it needs could not be read; it will be tried again.</summary>
    Failed = 0,

    /// <summary>It is another program's or another chain's game: nothing is put at stake in it.</summary>
    Refused = 1,

    /// <summary>Something was done, or has to be done.</summary>
    Acting = 2,

    /// <summary>Nothing can be done now.</summary>
    Waiting = 3,

    /// <summary>It is resolved, and an account waits for its money.</summary>
    AwaitingCredit = 4,

    /// <summary>Nothing is left to do.</summary>
    Finished = 5,
}
