using System.Globalization;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle.Server;

/// <summary>How the server is started, how it is ended, and what is said when it failed.</summary>
internal sealed partial class ProcessOracle
{
    // A server that closed its pipe is usually on its way out; its exit code makes a better message.
    private static readonly TimeSpan ExitCodeTime = TimeSpan.FromMilliseconds(500);

    // SIGKILL takes effect at once unless the process hangs inside the kernel.
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Ends the server: closes the pipes, waits, sends SIGINT, waits, sends SIGKILL, reaps. A request that
    /// another thread is waiting for ends with <see cref="ErrorCode.Cancelled"/>. Throws
    /// <see cref="ErrorCode.PreimageServer"/> when a server that had not failed before had to be killed; the
    /// exit code of one that stopped by itself is no error, see <see cref="ExitDescription"/>.
    /// </summary>
    public void Shutdown()
    {
        _interrupt.Set();
        lock (_gate)
        {
            if (_isShutDown)
            {
                return;
            }

            _isShutDown = true;
            _registration.Dispose();
            _hints.Dispose();
            _preimages.Dispose();
            bool isKilled = EndServer();
            _output?.Finish();
            _server.Dispose();
            _interrupt.Dispose();
            if (isKilled && _failure is null && !_cancellation.IsCancellationRequested)
            {
                throw new CulverinException(ErrorCode.PreimageServer,
                    $"The pre-image server '{_program}' did not stop when asked to, and was killed.");
            }
        }
    }

    /// <summary>Ends the server as <see cref="Shutdown"/> does, without an error.</summary>
    public void Dispose()
    {
        try
        {
            Shutdown();
        }
        catch (CulverinException)
        {
            // Who wants to know calls Shutdown.
        }
    }

    private static void RequireStartable(string program, IReadOnlyList<string> arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CulverinException(ErrorCode.ProcessStart,
                "A pre-image server can only be started on Linux. Use a folder, a recording or a callback.");
        }

        if (string.IsNullOrEmpty(program) || arguments.Append(program).Any(text => text.Contains('\0')))
        {
            throw new CulverinException(ErrorCode.InvalidArgument,
                "The command of a pre-image server needs a program, and no null characters.");
        }
    }

    private void Start(IReadOnlyList<string> arguments, Action<string, bool>? onLine)
    {
        var ours = new List<SafeFileHandle>();
        var childs = new List<(int Target, SafeFileHandle Source)>();
        try
        {
            Connect(ours, childs, 3, Descriptor.PipeToChild());
            Connect(ours, childs, 4, Descriptor.PipeFromChild());
            Connect(ours, childs, 5, Descriptor.PipeToChild());
            Connect(ours, childs, 6, Descriptor.PipeFromChild());
            if (onLine is not null)
            {
                Connect(ours, childs, 1, Descriptor.PipeFromChild());
                Connect(ours, childs, 2, Descriptor.PipeFromChild());
                _output = new ChildOutput(ours[4], ours[5], onLine);
                _output.Start();
            }

            _server = ChildProcess.Start(_program, arguments, ChildSpawner.Environment(), childs);
            _hints = new ServerChannel(ours[0], ours[1], _server, _interrupt);
            _preimages = new ServerChannel(ours[2], ours[3], _server, _interrupt);
        }
        catch (CulverinException)
        {
            // The thread of the output closes its two pipes itself.
            _output?.Finish();
            ours.Take(_output is null ? ours.Count : 4).ToList().ForEach(handle => handle.Dispose());
            throw;
        }
        finally
        {
            childs.ForEach(descriptor => descriptor.Source.Dispose());
        }
    }

    private static void Connect(
        List<SafeFileHandle> ours,
        List<(int Target, SafeFileHandle Source)> childs,
        int target,
        (SafeFileHandle Ours, SafeFileHandle Child) pipe)
    {
        ours.Add(pipe.Ours);
        childs.Add((target, pipe.Child));
    }

    /// <summary>Waits for the server and helps it along; true when it took SIGKILL.</summary>
    private bool EndServer()
    {
        if (WaitGrace(_options.EndOfInputGrace))
        {
            return false;
        }

        _server.Signal(Posix.SignalInterrupt);
        if (WaitGrace(_options.InterruptGrace))
        {
            return false;
        }

        _server.Signal(Posix.SignalKill);
        _server.WaitForExit(KillTime, CancellationToken.None);
        return true;
    }

    private bool WaitGrace(TimeSpan grace)
    {
        TimeSpan shortGrace = grace < _options.FailedGrace ? grace : _options.FailedGrace;
        if (_failure is not null)
        {
            return _server.WaitForExit(shortGrace, CancellationToken.None);
        }

        // When the run is cancelled during the wait, patience runs out too.
        return _server.WaitForExit(grace, _cancellation) || (_cancellation.IsCancellationRequested
            && _server.WaitForExit(shortGrace, CancellationToken.None));
    }

    private CulverinException Lied(string what)
    {
        return Fail(new CulverinException(ErrorCode.PreimageServer,
            $"The pre-image server '{_program}' broke the protocol: it {what}.{LastWords()}"));
    }

    private CulverinException Broken(ChannelResult result, string when)
    {
        if (result == ChannelResult.Interrupted)
        {
            return Fail(new CulverinException(ErrorCode.Cancelled,
                "The run was cancelled while it used the pre-image server."));
        }

        if (result == ChannelResult.Late)
        {
            string seconds = _options.AnswerDeadline.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            return Fail(new CulverinException(ErrorCode.PreimageServer,
                $"The pre-image server '{_program}' fell silent {when}: "
                + $"nothing complete came within {seconds} seconds.{LastWords()}"));
        }

        string end = _server.WaitForExit(ExitCodeTime, _cancellation)
            ? _server.DescribeExit()
            : "closed its pipe, though it still runs,";
        return Fail(new CulverinException(ErrorCode.PreimageServer,
            $"The pre-image server '{_program}' {end} {when}.{LastWords()}"));
    }

    private string LastWords()
    {
        if (_output is null)
        {
            return "";
        }

        if (_server.HasExited)
        {
            // All that it wrote is in the pipes now; let it be read before the message is made.
            _output.Finish();
        }

        string tail = _output.Tail();
        return tail.Length == 0 ? "" : $" Its last error output: {tail}";
    }

    private CulverinException Fail(CulverinException failure)
    {
        _failure = failure;
        return failure;
    }
}
