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
    // The oldest Go that the binding is for.
    private const int GoMinorMin = 21;

    private const string SystemLibraries = "/usr/lib";
    private const string GoFolderPrefix = "go-1.";

    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    private static string[] SearchedFolders { get; } =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator),
        .. GoFolders(),
    ];

    /// <summary>
    /// Where a program is; null if it is not in PATH. Go is looked for where Debian has its versions, too.
    /// </summary>
    public static string? Find(string name) =>
        SearchedFolders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end; one that does not end is killed and fails the test.</summary>
    public static ToolResult Run(
        string folder,
        string program,
        IEnumerable<string> arguments,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Find(program) ?? program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = string.Join(Path.PathSeparator, SearchedFolders);
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

    // The newest first.
    private static IEnumerable<string> GoFolders() => Directory.Exists(SystemLibraries)
        ? Directory.GetDirectories(SystemLibraries, $"{GoFolderPrefix}*")
            .Where(folder => MinorOf(folder) >= GoMinorMin)
            .OrderByDescending(MinorOf)
            .Select(folder => Path.Combine(folder, "bin"))
        : [];

    private static int MinorOf(string folder) =>
        int.TryParse(Path.GetFileName(folder)[GoFolderPrefix.Length..], out int minor) ? minor : 0;
}
