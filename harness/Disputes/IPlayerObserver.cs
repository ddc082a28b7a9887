namespace Culverin.Harness.Disputes;

/// <summary>
/// Is told what a <see cref="PlayerService"/> does. Calls come one at a time, from any thread; they should
/// be short.
/// </summary>
public interface IPlayerObserver
{
    /// <summary>A round of one game is over.</summary>
    void OnGame(GameRecord record);

    /// <summary>The service has looked at L1, or failed to.</summary>
    void OnService(ServiceRecord record);
}
