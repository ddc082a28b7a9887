using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Culverin.Tests.Shared;

/// <summary>What a test asks of a program that this machine may or may not have.</summary>
/// <param name="Names">Names that it may have, the best first.</param>
/// <param name="Oldest">The oldest version that will do; null if any does.</param>
/// <param name="Probes">
/// Command lines that a usable one carries out; the output of the first tells the version.
/// </param>
public sealed record ToolNeed(string[] Names, Version? Oldest, params string[][] Probes);

/// <summary>
/// A program that tests find by themselves. One that is missing, too old or broken is not used, and why is
/// told; only programs that were seen to run are used. Immutable.
/// </summary>
public sealed partial class HostTool
{
    private const int ComplaintMaxCharacters = 200;

    private static readonly TimeSpan ProbeTimeMax = TimeSpan.FromMinutes(1);

    private HostTool(string? path, string fault)
    {
        FilePath = path;
        Fault = fault;
    }

    /// <summary>The folders that are searched for programs.</summary>
    public static IReadOnlyList<string> Folders { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The executable; null where none can be used.</summary>
    public string? FilePath { get; }

    /// <summary>Why none can be used; empty where one can.</summary>
    public string Fault { get; }

    /// <summary>Takes the first of a name and a folder that can be used.</summary>
    public static HostTool Search(ToolNeed need, IEnumerable<string> folders)
    {
        var faults = new List<string>();
        string[] found =
        [
            .. need.Names
                .SelectMany(name => folders.Select(folder => Path.Combine(folder, name)))
                .Where(File.Exists)
                .Distinct(StringComparer.Ordinal),
        ];
        foreach (string candidate in found)
        {
            if (FaultOf(candidate, need) is not { } fault)
            {
                return new HostTool(candidate, "");
            }

            faults.Add(fault);
        }

        return new HostTool(
            null, faults.Count > 0 ? string.Join("; ", faults) : $"there is no {need.Names[0]} here");
    }

    private static string? FaultOf(string candidate, ToolNeed need)
    {
        for (int number = 0; number < need.Probes.Length; number++)
        {
            if (Probe(candidate, need.Probes[number], out string said) is { } fault)
            {
                return $"{candidate} is broken ({fault})";
            }

            if (number == 0 && need.Oldest is { } oldest)
            {
                Match match = NumberPattern().Match(said);
                if (!match.Success)
                {
                    return $"{candidate} is broken (it does not tell its version)";
                }

                if (Version.Parse(match.Value) < oldest)
                {
                    return $"{candidate} is too old ({match.Value}; needed is {oldest})";
                }
            }
        }

        return null;
    }

    private static string? Probe(string candidate, string[] arguments, out string said)
    {
        said = "";
        var start = new ProcessStartInfo(candidate, arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errorOutput = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(ProbeTimeMax))
            {
                process.Kill(entireProcessTree: true);
                return "it does not answer";
            }

            said = output.Result;
            string complaint = errorOutput.Result.Trim().ReplaceLineEndings(" ");
            complaint = complaint[..Math.Min(complaint.Length, ComplaintMaxCharacters)];
            return process.ExitCode == 0 ? null : $"exit code {process.ExitCode}, {complaint}";
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }
    }

    [GeneratedRegex(@"\d+\.\d+")]
    private static partial Regex NumberPattern();
}
