using System.ComponentModel;
using System.Diagnostics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Local;

/// <summary>
/// Runs a shell script to its end, under the same supervisor as a local node: when this process dies, in
/// whatever way, the script is ended by its process id. Unix only.
/// </summary>
internal static class SupervisedCommand
{
    private const int OutputLengthMax = 4_000;

    /// <summary>
    /// Runs a script of /bin/sh and returns the start of what it and its children wrote, once the last of
    /// them has ended. Its exit code is not known. Throws <see cref="ChainException"/> when it cannot be
    /// started or does not end before the deadline; it is ended then.
    /// </summary>
    public static async Task<string> RunAsync(
        string script,
        IReadOnlyDictionary<string, string> environment,
        TimeSpan deadline,
        CancellationToken cancellation)
    {
        using Process process = Start(script, environment);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(deadline);
        try
        {
            Task<string> complaints = ReadAsync(process.StandardError, limit.Token);
            string output = await ReadAsync(process.StandardOutput, limit.Token).ConfigureAwait(false);
            return output + await complaints.ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ChainException(
                ChainFailure.Deadline,
                $"A command did not end within {deadline.TotalSeconds:0.###} s.",
                error);
        }
        finally
        {
            // The end of its input is the supervisor's sign to end the script, if that still runs, and then
            // itself.
            process.StandardInput.Close();
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static Process Start(string script, IReadOnlyDictionary<string, string> environment)
    {
        string[] arguments = ["-c", NodeProcess.Supervisor, "/bin/sh", "-c", script];
        ProcessStartInfo start = new("/bin/sh", arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new ChainException(ChainFailure.NodeStart, "/bin/sh cannot be started.", error);
        }
    }

    // Reads to the end, so that the writer never blocks, and keeps the start.
    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellation)
    {
        string kept = "";
        char[] buffer = new char[1024];
        while (true)
        {
            int read = await reader.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return kept;
            }

            kept += new string(buffer, 0, Math.Min(read, OutputLengthMax - kept.Length));
        }
    }
}
