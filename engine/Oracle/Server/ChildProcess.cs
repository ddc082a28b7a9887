using System.Runtime.InteropServices;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle.Server;

/// <summary>
/// A running child process. A thread of its own waits for it, so its end is seen at once even when another
/// process keeps its pipes open, and it is reaped in any case. What it has started itself ends with it,
/// unless it has left the child's process group on purpose. All members may be used from any thread.
/// </summary>
/// <remarks>
/// A waiting thread is used instead of a process descriptor because it works on every kernel and does not
/// care whether the embedding program ignores SIGCHLD.
/// </remarks>
internal sealed class ChildProcess : IDisposable
{
    private const int InformationBytes = 128;
    private const int UnknownStatus = -1;

    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _started = new(false);
    private readonly ManualResetEventSlim _exited = new(false);
    private readonly PosixEvent _exitEvent = new();
    private readonly IDisposable _leftover;
    private int _status = UnknownStatus;
    private bool _isReaped;

    private ChildProcess() => _leftover = Leftovers.Register(() => Signal(Posix.SignalKill));

    /// <summary>The process id. After the child was reaped it may belong to another process.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Whether the child has ended and was reaped.</summary>
    public bool HasExited => _exited.IsSet;

    /// <summary>
    /// A poll entry that reports once the child has ended. Valid until <see cref="Dispose"/>.
    /// </summary>
    public Posix.PollEntry ExitEntry => _exitEvent.Entry;

    /// <summary>
    /// Starts <paramref name="program"/> (looked up in PATH when it has no slash) in a process group of its
    /// own, with default signal actions and an empty signal mask. <paramref name="descriptors"/> maps numbers
    /// in the child to our handles, all of them at least 10; standard input is /dev/null.
    /// </summary>
    public static ChildProcess Start(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        IReadOnlyList<(int Target, SafeFileHandle Source)> descriptors)
    {
        var child = new ChildProcess();
        try
        {
            // The thread exists before the child does, so a child without somebody to reap it cannot come
            // about.
            var waiter = new Thread(child.WaitAndReap) { IsBackground = true, Name = "oracle wait" };
            waiter.Start();
            try
            {
                _ = Leftovers.Make(() =>
                    child.ProcessId = ChildSpawner.Spawn(program, arguments, environment, descriptors));
            }
            finally
            {
                child._started.Set();
                if (child.ProcessId == 0)
                {
                    waiter.Join();
                }
            }

            return child;
        }
        catch (Exception error) when (error is OutOfMemoryException or ThreadStartException)
        {
            child._leftover.Dispose();
            child.Dispose();
            throw new CulverinException(ErrorCode.HostResource,
                $"There is no memory to start the pre-image server '{program}'.", error);
        }
        catch (CulverinException)
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Waits until the child has ended; false when the time is over or the wait was cancelled.
    /// </summary>
    public bool WaitForExit(TimeSpan time, CancellationToken cancellation)
    {
        try
        {
            return _exited.Wait(time, cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Sends a signal to it and to what it has started, unless the child has ended.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            // Under the lock the id cannot have been reaped, so it cannot belong to somebody else.
            if (!_isReaped && ProcessId != 0)
            {
                SignalGroup(signal);
            }
        }
    }

    /// <summary>How the child ended, as the end of a sentence that starts with its name.</summary>
    public string DescribeExit()
    {
        int status = _status;
        if (!HasExited)
        {
            return "is still running";
        }

        if (status == UnknownStatus)
        {
            return "ended with an unknown exit code";
        }

        // The low seven bits hold the signal; zero means a normal end with the code in the next byte.
        int signal = status & 0x7F;
        return signal == 0
            ? $"ended with exit code {(status >> 8) & 0xFF}"
            : $"was ended by signal {signal}{SignalName(signal)}";
    }

    /// <summary>
    /// Frees the descriptor of the event. A child that has not ended is still reaped by its thread; for its
    /// sake the two flags, which hold no system resource, stay usable.
    /// </summary>
    public void Dispose() => _exitEvent.Dispose();

    private unsafe void WaitAndReap()
    {
        _started.Wait();
        if (ProcessId == 0)
        {
            _leftover.Dispose();
            return;
        }

        // SAFETY: siginfo_t has 128 bytes on Linux; its content is not used.
        byte* information = stackalloc byte[InformationBytes];
        const int Options = Posix.WaitExited | Posix.WaitWithoutReaping;
        while (Posix.WaitId(Posix.WaitById, ProcessId, information, Options) != 0
            && Marshal.GetLastPInvokeError() == Posix.ErrorInterrupted)
        {
        }

        lock (_gate)
        {
            // Before it is reaped, for until then its id names no other group.
            SignalGroup(Posix.SignalKill);
            int status = UnknownStatus;
            int result;
            do
            {
                result = Posix.WaitProcess(ProcessId, &status, 0);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == Posix.ErrorInterrupted);

            // Somebody else may have taken the status, when the embedding program ignores SIGCHLD.
            _status = result == ProcessId ? status : UnknownStatus;
            _isReaped = true;
        }

        _leftover.Dispose();

        _exited.Set();
        _exitEvent.Set();
    }

    private void SignalGroup(int signal) => _ = Posix.Kill(-ProcessId, signal);

    private static string SignalName(int signal)
    {
        return signal switch
        {
            1 => " (SIGHUP)",
            2 => " (SIGINT)",
            3 => " (SIGQUIT)",
            4 => " (SIGILL)",
            6 => " (SIGABRT)",
            7 => " (SIGBUS)",
            8 => " (SIGFPE)",
            9 => " (SIGKILL)",
            11 => " (SIGSEGV)",
            13 => " (SIGPIPE)",
            15 => " (SIGTERM)",
            _ => "",
        };
    }
}
