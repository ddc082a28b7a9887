namespace Culverin.Harness.Rpc.Transport;

/// <summary>
/// Holds back the calls to a node that says it is asked too often: all of them, not just the refused one. May
/// be used from several threads at once.
/// </summary>
internal sealed class RequestThrottle(JsonRpcOptions options)
{
    private const int DoublingMax = 20;

    private long _openAt = Environment.TickCount64;

    /// <summary>Waits until calls may be made again.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        while (true)
        {
            long milliseconds = Volatile.Read(ref _openAt) - Environment.TickCount64;
            if (milliseconds <= 0)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Closes after a refusal.</summary>
    /// <param name="round">How many refusals of the same call there were before.</param>
    /// <param name="asked">The wait that the node named, if any.</param>
    public void Close(int round, TimeSpan? asked)
    {
        TimeSpan wait = options.ThrottleDelay * Math.Pow(2, Math.Min(round, DoublingMax));
        wait = asked is { } named && named > wait ? named : wait;
        wait = wait < options.ThrottleDelayMax ? wait : options.ThrottleDelayMax;
        long until = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        long before = Volatile.Read(ref _openAt);
        while (until > before)
        {
            long seen = Interlocked.CompareExchange(ref _openAt, until, before);
            if (seen == before)
            {
                return;
            }

            before = seen;
        }
    }
}
