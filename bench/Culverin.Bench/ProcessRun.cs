using System.ComponentModel;
using System.Diagnostics;

namespace Culverin.Bench;

/// <summary>A whole process, timed from outside.</summary>
internal static class ProcessRun
{
    private const int FailureTextMaxCharacters = 2000;

    /// <summary>The middle one of several measurements.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>Runs a program to its end; throws with its last words when the exit code is not 0.</summary>
    /// <returns>Wall time from start to exit.</returns>
    public static TimeSpan Time(string program, IEnumerable<string> arguments, string workingFolder) =>
        Time(program, arguments, workingFolder, out _);

    /// <summary>As the other, with what the program wrote to its standard output.</summary>
    public static TimeSpan Time(
        string program, IEnumerable<string> arguments, string workingFolder, out string output)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var clock = Stopwatch.StartNew();
        using Process process = Start(start);
        string errors = "";
        process.ErrorDataReceived += (_, line) => errors = $"{errors}{line.Data}\n";
        process.BeginErrorReadLine();
        output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        clock.Stop();
        if (process.ExitCode != 0)
        {
            string tail = errors[Math.Max(0, errors.Length - FailureTextMaxCharacters)..];
            throw new IOException($"{program} ended with {process.ExitCode}:\n{tail}");
        }

        return clock.Elapsed;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"{start.FileName} could not be started: {error.Message}", error);
        }
    }
}
