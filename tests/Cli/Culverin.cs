using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Culverin.Cli.Tests;

/// <summary>How a run of the program ended, and what it wrote.</summary>
internal sealed record CulverinResult(int ExitCode, string Output, string ErrorOutput)
{
    /// <summary>The last line of standard output as JSON.</summary>
    public JsonElement LastReport => Reports[^1];

    /// <summary>Every line of standard output as JSON.</summary>
    public IReadOnlyList<JsonElement> Reports => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>All of standard output as JSON.</summary>
    public JsonElement WholeReport => JsonDocument.Parse(Output).RootElement;

    /// <summary>Requires an exit code, and shows what the program said if it is another.</summary>
    public CulverinResult Expect(int exitCode)
    {
        Assert.True(
            ExitCode == exitCode,
            $"Exit code {ExitCode}, expected {exitCode}.\nOutput: {Output}\nError output: {ErrorOutput}");
        return this;
    }
}

/// <summary>
/// The program as a process: the build beside the tests, or the native one that CULVERIN_BIN names.
/// </summary>
internal sealed partial class Culverin : IDisposable
{
    public const int SignalHangUp = 1;
    public const int SignalInterrupt = 2;
    public const int SignalTerminate = 15;

    private static readonly TimeSpan TimeMax = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task _errorReader;
    private readonly StringBuilder _errorOutput = new();

    private Culverin(string folder, IEnumerable<string> arguments, IEnumerable<(string, string)> environment)
    {
        var start = new ProcessStartInfo(Command[0])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string word in Command.Skip(1).Concat(arguments))
        {
            start.ArgumentList.Add(word);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _errorReader = Task.Run(ReadErrorOutput);
    }

    /// <summary>Program and first arguments to start it with.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Environment.GetEnvironmentVariable("CULVERIN_BIN") is { Length: > 0 } native
            ? [native]
            : [DotnetPath, "exec", Path.Combine(AppContext.BaseDirectory, "Culverin.Cli.dll")];

    /// <summary>Whether the native program is tested, which starts ten times faster.</summary>
    public static bool IsNative => Command.Count == 1;

    /// <summary>The command of the test server, for use after `--`.</summary>
    public static IReadOnlyList<string> Server { get; } =
        [DotnetPath, "exec", Path.Combine(AppContext.BaseDirectory, "OracleServer.dll")];

    public int ProcessId => _process.Id;

    private static string DotnetPath => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>What it has written to standard error so far.</summary>
    public string LogSoFar
    {
        get
        {
            lock (_errorOutput)
            {
                return _errorOutput.ToString();
            }
        }
    }

    /// <summary>Runs it to its end.</summary>
    public static CulverinResult Run(string folder, params IEnumerable<string> arguments)
    {
        using Culverin program = Start(folder, arguments);
        return program.WaitForExit();
    }

    /// <summary>Starts it.</summary>
    public static Culverin Start(string folder, params IEnumerable<string> arguments) =>
        new(folder, arguments, []);

    /// <summary>Starts another program, such as one that makes a terminal, in the same way.</summary>
    public static CulverinResult RunOther(
        string folder,
        string program,
        IEnumerable<string> arguments,
        IEnumerable<(string, string)> environment)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string word in arguments)
        {
            start.ArgumentList.Add(word);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errorOutput = process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(TimeMax), $"{program} did not end.");
        return new CulverinResult(process.ExitCode, output.Result, errorOutput.Result);
    }

    /// <summary>Sends a signal to it alone.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Kills it after a time, if it has not ended before, and waits until it is gone.</summary>
    public void Kill(TimeSpan after)
    {
        if (!_process.WaitForExit(after))
        {
            _process.Kill();
            _process.WaitForExit();
        }
    }

    /// <summary>Gives it standard input and ends that.</summary>
    public void Feed(byte[] input)
    {
        _process.StandardInput.BaseStream.Write(input);
        _process.StandardInput.Close();
    }

    /// <summary>Waits for its end.</summary>
    public CulverinResult WaitForExit()
    {
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(TimeMax), "The program did not end.");
        _errorReader.Wait();
        return new CulverinResult(_process.ExitCode, _output.Result, _errorOutput.ToString());
    }

    /// <summary>Waits until its log has some words.</summary>
    public void WaitForLog(string words) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                lock (_errorOutput)
                {
                    return _errorOutput.ToString().Contains(words, StringComparison.Ordinal);
                }
            },
            TimeMax),
        $"It did not log \"{words}\".");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void ReadErrorOutput()
    {
        char[] buffer = new char[4096];
        for (int count; (count = _process.StandardError.Read(buffer)) > 0;)
        {
            lock (_errorOutput)
            {
                _errorOutput.Append(buffer, 0, count);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
