namespace Culverin.Harness.Disputes.Traces;

/// <summary>
/// The trace of one game, and what it holds as long as it is used. For one thread at a time.
/// </summary>
/// <param name="trace">What is right in the game.</param>
/// <param name="resources">What is disposed of with it, in this order.</param>
public sealed class OpenTrace(GameTrace trace, params IReadOnlyList<IDisposable> resources) : IDisposable
{
    /// <summary>What is right in the game.</summary>
    public GameTrace Trace => trace;

    /// <summary>Disposes of the resources.</summary>
    public void Dispose()
    {
        foreach (IDisposable resource in resources)
        {
            resource.Dispose();
        }
    }
}
