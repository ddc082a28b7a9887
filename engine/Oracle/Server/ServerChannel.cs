using System.Diagnostics;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle.Server;

/// <summary>How an attempt to talk to a server ended.</summary>
internal enum ChannelResult
{
    /// <summary>Bytes went through.</summary>
    Done,

    /// <summary>The server closed its end of the pipe.</summary>
    Closed,

    /// <summary>The server's process has ended and left nothing more to read.</summary>
    Exited,

    /// <summary>The deadline passed.</summary>
    Late,

    /// <summary>The run was cancelled, or the oracle shut down by another thread.</summary>
    Interrupted,
}

/// <summary>
/// One of the two conversations with a server: we write requests into one pipe and read answers from another.
/// Every wait ends at once when the server's process ends, when the interrupt event is set, or at the
/// deadline.
/// </summary>
internal sealed class ServerChannel : IDisposable
{
    // To sleep and be woken costs more than most answers take, on virtual machines up to ten times as much.
    // So the pipe is watched for this long before we sleep. Longer would take the processor from the server.
    private static readonly TimeSpan WatchTime = TimeSpan.FromMicroseconds(20);

    private readonly SafeFileHandle _requests;
    private readonly SafeFileHandle _answers;
    private readonly ChildProcess _server;
    private readonly PosixEvent _interrupt;

    /// <summary>Talks through the two pipe ends, which it owns, and does not own the other two.</summary>
    public ServerChannel(
        SafeFileHandle requests, SafeFileHandle answers, ChildProcess server, PosixEvent interrupt)
    {
        _requests = requests;
        _answers = answers;
        _server = server;
        _interrupt = interrupt;
    }

    /// <summary>
    /// The moment, for <see cref="Environment.TickCount64"/>, at which a wait that starts now is over.
    /// </summary>
    public static long DeadlineAfter(TimeSpan time)
    {
        return time == TimeSpan.Zero ? long.MaxValue : Environment.TickCount64 + (long)time.TotalMilliseconds;
    }

    /// <summary>Whether bytes wait that nobody asked for. The end of the pipe does not count.</summary>
    public bool HasUnaskedBytes()
    {
        Span<byte> one = stackalloc byte[1];
        return Descriptor.Read(_answers, one) > 0;
    }

    /// <summary>Sends all of <paramref name="data"/>.</summary>
    public ChannelResult Send(ReadOnlySpan<byte> data, long deadlineMilliseconds)
    {
        while (!data.IsEmpty)
        {
            int count = Descriptor.Write(_requests, data);
            if (count > 0)
            {
                data = data[count..];
                continue;
            }

            if (count != -Posix.ErrorAgain)
            {
                return ChannelResult.Closed;
            }

            ChannelResult result = Wait(_requests, Posix.PollOut, deadlineMilliseconds);
            if (result != ChannelResult.Done)
            {
                return result;
            }
        }

        return ChannelResult.Done;
    }

    /// <summary>
    /// Receives what has come, at least one byte and at most <paramref name="buffer"/> full; the count means
    /// nothing for any result but <see cref="ChannelResult.Done"/>. What an ended server left in the pipe is
    /// still received.
    /// </summary>
    public ChannelResult Receive(Span<byte> buffer, long deadlineMilliseconds, out int count)
    {
        count = Watch(buffer);
        if (count > 0)
        {
            // A server that sends without pause must not outrun the interrupt and the deadline.
            return _interrupt.IsSet ? ChannelResult.Interrupted
                : Environment.TickCount64 > deadlineMilliseconds ? ChannelResult.Late
                : ChannelResult.Done;
        }

        while (true)
        {
            ChannelResult result = Wait(_answers, Posix.PollIn, deadlineMilliseconds);
            if (result is not (ChannelResult.Done or ChannelResult.Exited))
            {
                return result;
            }

            // After the end of the process its last bytes may still be in the pipe, so read once more.
            int read = Descriptor.Read(_answers, buffer);
            if (read > 0)
            {
                count = read;
                return ChannelResult.Done;
            }

            if (read != -Posix.ErrorAgain)
            {
                return ChannelResult.Closed;
            }

            if (result == ChannelResult.Exited)
            {
                return result;
            }
        }
    }

    /// <summary>Closes both pipes, which tells the server that no more requests will come.</summary>
    public void Dispose()
    {
        _requests.Dispose();
        _answers.Dispose();
    }

    /// <summary>
    /// Reads without sleeping for a short time; zero when nothing came, or only the end of the pipe.
    /// </summary>
    private int Watch(Span<byte> buffer)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            int count = Descriptor.Read(_answers, buffer);
            if (count != -Posix.ErrorAgain)
            {
                // Ends and errors are seen again by the read that follows the wait.
                return Math.Max(count, 0);
            }
        }
        while (Stopwatch.GetElapsedTime(start) < WatchTime);
        return 0;
    }

    private ChannelResult Wait(SafeFileHandle pipe, short condition, long deadlineMilliseconds)
    {
        Span<Posix.PollEntry> entries = stackalloc Posix.PollEntry[3];
        entries[0] = new Posix.PollEntry { Descriptor = Descriptor.Number(pipe), Requested = condition };
        entries[1] = _server.ExitEntry;
        entries[2] = _interrupt.Entry;
        while (true)
        {
            int timeout = -1;
            if (deadlineMilliseconds != long.MaxValue)
            {
                long left = deadlineMilliseconds - Environment.TickCount64;
                timeout = (int)Math.Clamp(left, 0, int.MaxValue);
            }

            int ready = Descriptor.Poll(entries, timeout);
            if (entries[2].Returned != 0 && ready > 0)
            {
                return ChannelResult.Interrupted;
            }

            if (entries[0].Returned != 0 && ready > 0)
            {
                return ChannelResult.Done;
            }

            if (entries[1].Returned != 0 && ready > 0)
            {
                return ChannelResult.Exited;
            }

            if (timeout == 0)
            {
                return ChannelResult.Late;
            }
        }
    }
}
