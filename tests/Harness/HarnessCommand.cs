using System.Diagnostics;

namespace Culverin.Harness.Tests;

/// <summary>The program culverin-harness as a process.</summary>
internal static class HarnessCommand
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "culverin-harness.dll");

    /// <summary>Runs it to its end in the repository's folder.</summary>
    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Folder,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await error);
    }
}
