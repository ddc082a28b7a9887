namespace Culverin.Harness.Host;

/// <summary>How patient a host is with its nodes.</summary>
public sealed record HostOptions
{
    /// <summary>
    /// Longest time that one hint is tried again while nodes are unreachable, silent, wrong or behind.
    /// </summary>
    public TimeSpan FetchDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Wait before the first retry; each further one waits twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);
}
