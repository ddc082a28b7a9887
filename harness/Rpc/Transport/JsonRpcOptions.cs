namespace Culverin.Harness.Rpc.Transport;

/// <summary>The limits of a <see cref="JsonRpcClient"/>.</summary>
public sealed record JsonRpcOptions
{
    /// <summary>
    /// Longest time of one HTTP exchange with all its retries; waits that the node asks for are not part of
    /// it.
    /// </summary>
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

    /// <summary>
    /// How often a call is repeated that the node refused because it is asked too often. Such a refusal has
    /// changed nothing, so that any call may be repeated.
    /// </summary>
    public int ThrottleRetryCount { get; init; } = 6;

    /// <summary>
    /// Wait after the first such refusal; each further one waits twice as long. A node that names a time
    /// (Retry-After) gets at least that.
    /// </summary>
    public TimeSpan ThrottleDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest of these waits, whatever the node names.</summary>
    public TimeSpan ThrottleDelayMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Most calls in one HTTP request; longer batches are cut. A node that refuses batches of this size gets
    /// smaller ones, down to single calls.
    /// </summary>
    public int BatchCountMax { get; init; } = 250;

    /// <summary>Largest HTTP answer that is read, in bytes.</summary>
    public int AnswerBytesMax { get; init; } = 64 << 20;
}
