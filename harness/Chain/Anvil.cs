using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Culverin.Harness.Chain;

/// <summary>
/// A local Ethereum node of its own on a free loopback port, silent, stopped with this object. On Unix it
/// runs under a shell that waits on a pipe from this process: when the pipe closes, be it by <see
/// cref="DisposeAsync"/> or because this process died in whatever way, the shell ends the node by its
/// process id. Elsewhere a hook at process exit does.
/// </summary>
public sealed partial class Anvil : IAsyncDisposable
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
    private const string ListeningMark = "Listening on 127.0.0.1:";
    private const int ComplaintLengthMax = 500;

    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly TaskCompletionSource<int> _port = NewCompletion();
    private readonly TaskCompletionSource<int> _nodeId = NewCompletion();
    private readonly SemaphoreSlim _blockMaking = new(1);
    private JsonRpcClient? _rpc;
    private EthereumNode? _node;
    private int _isStopped;

    private Anvil(Process process, bool isSupervised)
    {
        _process = process;
        if (!isSupervised)
        {
            _nodeId.SetResult(process.Id);
        }
    }

    /// <summary>The node's HTTP address.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/");

    /// <summary>The process id of the node itself.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The typed methods of the node, closed with it.</summary>
    public EthereumNode Node => _node!;

    /// <summary>
    /// Starts a node and returns when it answers. Throws <see cref="ChainException"/> when the executable
    /// is missing, ends early, or does not answer before the deadline; no process is left then.
    /// </summary>
    public static async Task<Anvil> StartAsync(
        NodePackages packages, AnvilOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new AnvilOptions();
        Anvil anvil = Launch(packages.Executable("anvil"), options);
        try
        {
            using CancellationTokenSource deadline =
                CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            deadline.CancelAfter(options.StartDeadline);
            int port = await anvil._port.Task.WaitAsync(deadline.Token).ConfigureAwait(false);
            anvil.ProcessId = await anvil._nodeId.Task.WaitAsync(deadline.Token).ConfigureAwait(false);
            anvil.Endpoint = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
            anvil._rpc = new JsonRpcClient(anvil.Endpoint);
            anvil._node = new EthereumNode(anvil._rpc);
            _ = await anvil._node.GetChainIdAsync(deadline.Token).ConfigureAwait(false);
            return anvil;
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            await anvil.DisposeAsync().ConfigureAwait(false);
            throw new ChainException(
                ChainFailure.NodeStart,
                $"The local node did not answer within {options.StartDeadline.TotalSeconds:0.###} s.",
                error);
        }
        catch
        {
            await anvil.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Sends many transactions into one block and returns their receipts in the order given; those of one
    /// sender take place in that order. Throws <see cref="ChainException"/> like <see
    /// cref="EthereumNode.SendAsync"/>.
    /// </summary>
    public Task<IReadOnlyList<TransactionReceipt>> SendInOneBlockAsync(
        IReadOnlyList<CallRequest> calls, CancellationToken cancellation = default) =>
        InOneBlockAsync(() => Node.SubmitManyAsync(calls, cancellation), cancellation);

    /// <summary>Ends the node and waits until its process is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0)
        {
            return;
        }

        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _node?.Dispose();
        _rpc?.Dispose();
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
        _blockMaking.Dispose();
    }

    private static Anvil Launch(string executable, AnvilOptions options)
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

        foreach (string argument in options.Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            Anvil anvil = new(Process.Start(start)!, isSupervised);
            AppDomain.CurrentDomain.ProcessExit += anvil.OnProcessExit;
            _ = anvil.ReadOutputAsync();
            return anvil;
        }
        catch (Win32Exception error)
        {
            throw new ChainException(ChainFailure.NodeStart, $"{executable} cannot be started.", error);
        }
    }

    // Takes the two facts from the output and throws the rest away, so that the node never blocks on a full
    // pipe.
    private async Task ReadOutputAsync()
    {
        Task<string> complaints = ReadComplaintsAsync();
        try
        {
            while (await _process.StandardOutput.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                if (NumberAfter(line, ListeningMark) is { } port)
                {
                    _port.TrySetResult(port);
                }
                else if (NumberAfter(line, ProcessMark) is { } id)
                {
                    _nodeId.TrySetResult(id);
                }
            }

            string complaint = JsonRpcError.Printable(await complaints.ConfigureAwait(false));
            _port.TrySetException(new ChainException(
                ChainFailure.NodeStart, $"The local node ended before it listened. It said: {complaint}"));
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            _port.TrySetException(new ChainException(
                ChainFailure.NodeStart, "The output of the local node could not be read.", error));
        }
    }

    private async Task<string> ReadComplaintsAsync()
    {
        string kept = "";
        char[] buffer = new char[1024];
        while (true)
        {
            int read = await _process.StandardError.ReadAsync(buffer).ConfigureAwait(false);
            if (read == 0)
            {
                return kept.Trim();
            }

            kept += new string(buffer, 0, Math.Min(read, ComplaintLengthMax - kept.Length));
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
