using System.Diagnostics;
using Xunit;

namespace Culverin.Harness.Tests;

/// <summary>Foundry's command-line tool: the independent opinion on encodings.</summary>
internal static class Cast
{
    private static readonly string Executable = Repository.Packages.Executable("cast");

    internal static string Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"cast {string.Join(' ', arguments)}: {errors.Result}");
        return output.Trim();
    }
}
