using System.Diagnostics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Local;

/// <summary>
/// The program l2-node, which is built from harness/guest where Go is: node, batcher and proposer of an L2.
/// </summary>
public sealed class L2Program
{
    /// <summary>The environment variable that names the program, for use outside the repository.</summary>
    public const string PathVariable = "CULVERIN_L2_NODE";

    private L2Program(string path)
    {
        Path = path;
    }

    /// <summary>The program's file.</summary>
    public string Path { get; }

    /// <summary>Whether it is there.</summary>
    public static bool IsThere => Find() is not null;

    /// <summary>
    /// Finds it: what <see cref="PathVariable"/> names, else artifacts/l2-node in the current folder, the
    /// program's folder, or one above them. Throws <see cref="ChainException"/> when there is none.
    /// </summary>
    public static L2Program Locate() => Find() is { } path
        ? new L2Program(path)
        : throw new ChainException(
            ChainFailure.NodeStart,
            $"The L2's node was not found: ./build.sh build makes artifacts/l2-node where Go is, or set "
                + $"{PathVariable}.");

    /// <summary>
    /// Runs one of its commands to the end and returns what it wrote to its standard output. Throws <see
    /// cref="ChainException"/> with what it complained of when it does not end with 0.
    /// </summary>
    internal async Task<string> AskAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(Path, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)
            ?? throw new ChainException(ChainFailure.NodeStart, $"{Path} cannot be started.");
        try
        {
            Task<string> complaints = process.StandardError.ReadToEndAsync(cancellation);
            string output =
                await process.StandardOutput.ReadToEndAsync(cancellation).ConfigureAwait(false);
            string complaint = await complaints.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
            return process.ExitCode == 0
                ? output
                : throw new ChainException(
                    ChainFailure.BadAnswer,
                    $"l2-node {arguments[0]} ended with {process.ExitCode}: {JsonText.Printable(complaint)}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>The file of the program; null when there is none.</summary>
    internal static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable(PathVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named) ? System.IO.Path.GetFullPath(named) : null;
        }

        string name = OperatingSystem.IsWindows() ? "l2-node.exe" : "l2-node";
        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string candidate = System.IO.Path.Combine(folder.FullName, "artifacts", name);
                if (File.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        return null;
    }
}
