using Culverin.Harness.Values;


namespace Culverin.Harness.Disputes.Player;

/// <summary>
/// Is told what a <see cref="PlayerService"/> does. Calls come one at a time, from any thread; they should
/// be short.
/// </summary>
public interface IPlayerObserver
{
    /// <summary>A round of one game is over.</summary>
    void OnGame(GameRecord record);

    /// <summary>
    /// Something that somebody should know before a bond is put up in a game, which is done right after it.
    /// </summary>
    void OnWarning(Address game, string text);

    /// <summary>A round about one pre-image oracle is over.</summary>
    void OnOracle(OracleRecord record);

    /// <summary>The service has looked at L1, or failed to.</summary>
    void OnService(ServiceRecord record);
}
