using System;

namespace Culverin.Harness.Chain;

/// <summary>The limits of a <see cref="JsonRpcClient"/>.</summary>
public sealed record JsonRpcOptions
{
    /// <summary>Longest time of one HTTP exchange with all its retries.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often a failed *connection* is tried again, before anything was sent.
    /// </summary>
    public int ConnectionRetryCount { get; init; } = 3;

    /// <summary>
    /// How often a question whose answer got lost is asked again. Only what merely reads is: nothing that
    /// may change a chain is ever sent twice.
    /// </summary>
    public int ReadRetryCount { get; init; } = 2;

    /// <summary>Wait before the first retry; each further one waits twice as long.</summary>
    public TimeSpan ConnectionRetryDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Most calls in one HTTP request; longer batches are cut.</summary>
    public int BatchCountMax { get; init; } = 250;

    /// <summary>Largest HTTP answer that is read, in bytes.</summary>
    public int AnswerBytesMax { get; init; } = 64 << 20;
}
