using System.Diagnostics;
using Xunit;

namespace Culverin.Harness.Tests;

/// <summary>The programs' standard streams: no complaint that nobody can take ends them badly.</summary>
public sealed class ConsoleTests
{
    [Theory]
    [InlineData("culverin-harness.dll --bogus", "2>/dev/full", 2)]
    [InlineData("culverin-harness.dll --bogus", "2>&-", 2)]
    [InlineData("culverin-harness.dll --help", ">/dev/full", 1)]
    [InlineData("culverin-harness.dll --help", "| true", 141)]
    [InlineData("culverin-harness.dll demo steps --json --guest missing", "2>/dev/full", 1)]
    [InlineData("culverin-host.dll --bogus", "2>/dev/full", 2)]
    [InlineData("culverin-host.dll --bogus", "2>&-", 2)]
    [InlineData("culverin-host.dll --help", "| true", 141)]
    public void AStreamThatTakesNothingHasItsExitCode(string command, string redirection, int exitCode)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        string program = $"'{dotnet}' exec '{AppContext.BaseDirectory}'{command}";

        // The code goes past the redirection through descriptor 9.
        string script = $"{{ {{ sleep 0.3; {program}; echo $? >&9; }} {redirection}; }} 9>&1";
        var start = new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        Assert.EndsWith($"{exitCode}\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }
}
