using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>How a program ended, and what it wrote.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string ErrorOutput)
{
    /// <summary>Requires success, and shows what the program said otherwise.</summary>
    public ToolResult Expect()
    {
        Assert.True(
            ExitCode == 0, $"Exit code {ExitCode}.\nOutput: {Output}\nError output: {ErrorOutput}");
        return this;
    }
}

/// <summary>Programs of this machine that tests start.</summary>
internal static class Tool
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    /// <summary>Where a program is; null if it is not in PATH.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end; one that does not end is killed and fails the test.</summary>
    public static ToolResult Run(
        string folder,
        string program,
        IEnumerable<string> arguments,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errorOutput = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeMax))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} did not end within {TimeMax}.");
        }

        return new ToolResult(process.ExitCode, output.Result, errorOutput.Result);
    }
}
