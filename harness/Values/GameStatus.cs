namespace Culverin.Harness.Values;

/// <summary>How a game stands; the numbers are the contract's.</summary>
public enum GameStatus
{
    /// <summary>Not yet resolved.</summary>
    InProgress = 0,

    /// <summary>The root claim was refuted.</summary>
    ChallengerWins = 1,

    /// <summary>The root claim stands.</summary>
    DefenderWins = 2,
}
