using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Values;


namespace Culverin.Harness.Cli.Games;

/// <summary>Shows games, and what is done in them.</summary>
internal interface IGameView
{
    /// <summary>Shows a game of a list.</summary>
    void ShowGame(GameSummary summary);

    /// <summary>Shows a game of a list that could not be read.</summary>
    void ShowUnread(FoundGame found, string failure);

    /// <summary>Shows a game with all its claims.</summary>
    void ShowTree(GameSummary summary);

    /// <summary>Shows what a player did in a game, and what it waits for.</summary>
    void ShowRecord(GameRecord record);

    /// <summary>Shows what somebody should know before a bond is put up in a game.</summary>
    void ShowWarning(Address game, string text);

    /// <summary>Shows what a player did about the proposals to a pre-image oracle.</summary>
    void ShowOracle(OracleRecord record);

    /// <summary>Shows how the player of all games is.</summary>
    void ShowService(ServiceRecord record);
}
