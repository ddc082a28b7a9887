using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Culverin.Harness.Values;

namespace Culverin.Harness.Local;

/// <summary>
/// The process of a local node that tells on its standard output where it listens. On Unix it runs under a
/// shell that waits on a pipe from this process: when the pipe closes, be it by <see cref="DisposeAsync"/>
/// or because this process died in whatever way, the shell ends the node by its process id. Elsewhere a hook
/// at process exit does.
/// </summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    // Waits for the end of its standard input, then ends the node. It ignores the signals a terminal sends
    // to the whole group, since they end this process too, and thereby close the pipe. Its own hold on the
    // node's output is given up, so that the end of that output means the end of the node.
    internal const string Supervisor = """
        "$0" "$@" </dev/null & child=$!
        trap '' HUP INT TERM
        echo "supervised process $child"
        exec >/dev/null 2>&1
        read -r _
        kill "$child"
        wait "$child"
        """;

    private const string ProcessMark = "supervised process ";
    private const int KeptLinesMax = 200;
    private const int ComplaintLengthMax = 500;

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly string _listeningMark;
    private readonly TaskCompletionSource<int> _port = NewCompletion();
    private readonly TaskCompletionSource<int> _nodeId = NewCompletion();
    private readonly Queue<string> _complaints = [];
    private int _isStopped;

    private NodeProcess(Process process, string listeningMark, bool isSupervised)
    {
        _process = process;
        _listeningMark = listeningMark;
        if (!isSupervised)
        {
            _nodeId.SetResult(process.Id);
        }
    }

    /// <summary>
    /// The port that it listens at; fails with <see cref="ChainException"/> when it ends before.
    /// </summary>
    public Task<int> Port => _port.Task;

    /// <summary>The process id of the node itself.</summary>
    public Task<int> NodeId => _nodeId.Task;

    /// <summary>The newest lines that it wrote to its standard error.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_complaints)
            {
                return [.. _complaints];
            }
        }
    }

    /// <summary>
    /// Starts a node. Throws <see cref="ChainException"/> when there is no such executable.
    /// </summary>
    /// <param name="executable">The program.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="listeningMark">What its line begins with before the port that it listens at.</param>
    public static NodeProcess Launch(
        string executable, IEnumerable<string> arguments, string listeningMark)
    {
        bool isSupervised = !OperatingSystem.IsWindows();
        ProcessStartInfo start = new(isSupervised ? "/bin/sh" : executable)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (isSupervised)
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(Supervisor);
            start.ArgumentList.Add(executable);
        }

        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            NodeProcess node = new(Process.Start(start)!, listeningMark, isSupervised);
            AppDomain.CurrentDomain.ProcessExit += node.OnProcessExit;
            _ = node.ReadOutputAsync();
            return node;
        }
        catch (Win32Exception error)
        {
            throw new ChainException(ChainFailure.NodeStart, $"{executable} cannot be started.", error);
        }
    }

    /// <summary>Ends the node and waits until its process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        AskToStop();
        using CancellationTokenSource deadline = new(StopDeadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The whole tree: the supervising shell and, below it, the node that did not heed the first
            // signal.
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    // Takes the two facts from the output and throws the rest away, so that the node never blocks on a full
    // pipe.
    private async Task ReadOutputAsync()
    {
        Task complaining = ReadComplaintsAsync();
        try
        {
            while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                if (NumberAfter(line, _listeningMark) is { } port)
                {
                    _port.TrySetResult(port);
                }
                else if (NumberAfter(line, ProcessMark) is { } id)
                {
                    _nodeId.TrySetResult(id);
                }
            }

            await complaining.ConfigureAwait(false);
            string said = string.Join(' ', Complaints);
            string complaint = JsonText.Printable(said[..Math.Min(said.Length, ComplaintLengthMax)]);
            _port.TrySetException(new ChainException(
                ChainFailure.NodeStart, $"The local node ended before it listened. It said: {complaint}"));
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            _port.TrySetException(new ChainException(
                ChainFailure.NodeStart, "The output of the local node could not be read.", error));
        }
    }

    private async Task ReadComplaintsAsync()
    {
        while (await _process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lock (_complaints)
            {
                _complaints.Enqueue(line);
                if (_complaints.Count > KeptLinesMax)
                {
                    _ = _complaints.Dequeue();
                }
            }
        }
    }

    private static int? NumberAfter(string line, string mark) =>
        line.StartsWith(mark, StringComparison.Ordinal)
        && int.TryParse(line.AsSpan(mark.Length), CultureInfo.InvariantCulture, out int number)
            ? number
            : null;

    // Whoever waits goes on elsewhere, not inside the loop that reads the output.
    private static TaskCompletionSource<int> NewCompletion() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void OnProcessExit(object? sender, EventArgs arguments) => AskToStop();

    private void AskToStop()
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                _process.Kill();
            }
            else
            {
                _process.StandardInput.Close();
            }
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or Win32Exception)
        {
            // It has already ended: nothing is left to stop.
        }
    }
}
