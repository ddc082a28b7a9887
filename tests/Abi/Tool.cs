using System.Collections.Concurrent;
using System.Diagnostics;
using Culverin.Tests.Shared;
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
    /// <summary>A Python that makes wheels and installs them without a network.</summary>
    public const string WheelBuilder = "python3 with pip and venv";

    /// <summary>A C compiler with the sanitizers' libraries.</summary>
    public const string Sanitizers = "gcc with sanitizers";

    private const string SystemLibraries = "/usr/lib";
    private const string GoFolderPrefix = "go-1.";

    // The versions are those that the READMEs of the bindings tell.
    private static readonly ToolNeed[] Needs =
    [
        new(["bash"], new Version(3, 2), ["--version"]),
        new(["gcc"], null, ["--version"], [.. SyntaxOnly, "c", "/dev/null", "-include", "stdio.h"]),
        new(["g++"], null, ["--version"], [.. SyntaxOnly, "c++", "/dev/null", "-include", "cstdio"]),
        new(["nm"], new Version(2, 35), ["--version"]),
        new(["sleep"], null, ["0"]),
        new(["readelf"], null, ["--version"]),
        new(["python3"], new Version(3, 10), ["--version"], ["-c", "import ctypes"]),
        new(["node"], new Version(18, 0), ["--version"]),
        new(["cargo"], new Version(1, 63), ["--version"]),
        new(["rustc"], new Version(1, 63), ["--version"], ["--print", "sysroot"]),
        new(["go"], new Version(1, 19), ["version"], ["list", "runtime"]),
        new(["dotnet"], new Version(10, 0), ["--version"]),
    ];

    // What a tool of its own name must be able to do for some of the tests.
    private static readonly (string Name, ToolNeed Need)[] Abilities =
    [
        (WheelBuilder, new ToolNeed(
            ["python3"], new Version(3, 11), ["--version"], ["-c", "import ensurepip, pip, tomllib, venv"])),
        (Sanitizers, new ToolNeed(
            ["gcc"],
            null,
            ["--version"],
            ["-fsanitize=address,undefined", "-shared", "-o", "/dev/null", "-x", "c", "/dev/null"])),
    ];

    private static readonly ConcurrentDictionary<string, HostTool> Searched = new();

    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(5);

    private static string[] SyntaxOnly => ["-fsyntax-only", "-x"];

    private static string[] SearchedFolders { get; } = [.. HostTool.Folders, .. GoFolders()];

    // A program that was passed over, being too old or broken, must not be found by a shell either.
    private static IEnumerable<string> PathFolders => Searched.Values
        .Where(tool => tool.FilePath is not null)
        .Where(tool => tool.FilePath != First(Path.GetFileName(tool.FilePath!)))
        .Select(tool => Path.GetDirectoryName(tool.FilePath)!)
        .Concat(SearchedFolders);

    /// <summary>
    /// A program that tests use, or why there is none. Go is looked for where Debian has its versions, too.
    /// </summary>
    public static HostTool Find(string name) =>
        Searched.GetOrAdd(name, static key => HostTool.Search(NeedOf(key), SearchedFolders));

    /// <summary>Runs a program to its end; one that does not end is killed and fails the test.</summary>
    public static ToolResult Run(
        string folder,
        string program,
        IEnumerable<string> arguments,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(PathOf(program), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = string.Join(Path.PathSeparator, PathFolders);
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

    private static string PathOf(string program)
    {
        if (program.Contains(Path.DirectorySeparatorChar))
        {
            return program;
        }

        HostTool tool = Find(program);
        return tool.FilePath ?? throw new FileNotFoundException(tool.Fault);
    }

    private static string? First(string name) =>
        SearchedFolders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static ToolNeed NeedOf(string name) =>
        Abilities.FirstOrDefault(ability => ability.Name == name).Need
            ?? Array.Find(Needs, need => need.Names[0] == name)
            ?? throw new ArgumentException($"What is asked of {name} stands nowhere.", nameof(name));

    // The newest first.
    private static IEnumerable<string> GoFolders() => Directory.Exists(SystemLibraries)
        ? Directory.GetDirectories(SystemLibraries, $"{GoFolderPrefix}*")
            .OrderByDescending(MinorOf)
            .Select(folder => Path.Combine(folder, "bin"))
        : [];

    private static int MinorOf(string folder) =>
        int.TryParse(Path.GetFileName(folder)[GoFolderPrefix.Length..], out int minor) ? minor : 0;
}
