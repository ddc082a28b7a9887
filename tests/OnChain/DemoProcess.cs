using System.Diagnostics;
using System.Text;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.OnChain.Tests;

/// <summary>
/// Runs culverin-harness as a process, and checks that neither server nor chain is left after it.
/// </summary>
internal sealed class DemoProcess
{
    private const string MarkVariable = "CULVERIN_TEST_MARK";
    private const string Program = "culverin-harness.dll";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>The exit code.</summary>
    public int ExitCode { get; private init; }

    /// <summary>Standard output; on a terminal both streams.</summary>
    public required string Output { get; init; }

    /// <summary>Standard error; empty on a terminal.</summary>
    public required string Error { get; init; }

    /// <summary>Runs it with redirected output.</summary>
    public static Task<DemoProcess> RunAsync(params string[] arguments) =>
        RunAsync(Dotnet(), ["exec", Path.Combine(AppContext.BaseDirectory, Program), .. arguments], []);

    /// <summary>Runs it until its first line of output, and then asks it to end (SIGTERM).</summary>
    public static Task<DemoProcess> RunAndTerminateAsync(params string[] arguments) =>
        RunAsync(
            Dotnet(),
            ["exec", Path.Combine(AppContext.BaseDirectory, Program), .. arguments],
            [],
            isTerminated: true);

    /// <summary>Runs it on a terminal, which script(1) makes.</summary>
    public static Task<DemoProcess> RunOnTerminalAsync(bool isColorless, params string[] arguments)
    {
        string[] words = [Dotnet(), "exec", Path.Combine(AppContext.BaseDirectory, Program), .. arguments];
        string command = string.Join(' ', words.Select(word => $"'{word}'"));
        return RunAsync(
            "script",
            ["-qec", command, "/dev/null"],
            new() { ["TERM"] = "xterm", ["NO_COLOR"] = isColorless ? "1" : "" });
    }

    private static string Dotnet() => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static async Task<DemoProcess> RunAsync(
        string program,
        string[] arguments,
        Dictionary<string, string> environment,
        bool isTerminated = false)
    {
        string mark = Guid.NewGuid().ToString();
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = RepositoryFiles.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment[MarkVariable] = mark;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        if (isTerminated)
        {
            Assert.NotNull(await process.StandardOutput.ReadLineAsync());
            using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        }

        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        DemoProcess result = new()
        {
            ExitCode = process.ExitCode,
            Output = await output,
            Error = await error,
        };
        Assert.Empty(ProcessesMarked(mark));
        return result;
    }

    // Every process that the demo starts inherits its environment.
    private static IEnumerable<string> ProcessesMarked(string mark) =>
        Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), out int id) && IsMarked(folder, mark));

    private static bool IsMarked(string folder, string mark)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ"))
                .Contains($"{MarkVariable}={mark}", StringComparison.Ordinal);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to somebody else.
            return false;
        }
    }
}
