using System.Diagnostics;
using System.Runtime.InteropServices;
using Culverin.Oracle;
using Culverin.Oracle.Server;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>How servers are started, cancelled and ended.</summary>
[Collection(OracleProcess.Collection)]
public sealed partial class ProcessOracleLifetimeTests
{
    private const int SignalPipe = 13;

    [Theory]
    [InlineData("/nonexistent/server")]
    [InlineData("no-such-program-in-path")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    public void A_program_that_cannot_be_started_is_an_error(string program)
    {
        CulverinException error = OracleAssert.Fails(
            ErrorCode.ProcessStart, () => new ProcessOracle(program, [], null, (_, _) => { }).Dispose());
        Assert.Contains(program, error.Message, StringComparison.Ordinal);
        OracleAssert.Fails(ErrorCode.ProcessStart, () => new ProcessOracle(program, []).Dispose());
    }

    [Fact]
    public void Unusable_arguments_are_refused()
    {
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => new ProcessOracle("", []).Dispose());
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => new ProcessOracle("sh", ["a\0b"]).Dispose());
        var options = new OracleOptions { AnswerDeadline = TimeSpan.FromSeconds(-1) };
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => new ProcessOracle("sh", [], options).Dispose());
        options = new OracleOptions { PreimageBytesMax = -1 };
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => new ProcessOracle("sh", [], options).Dispose());
    }

    [Fact]
    public void The_child_has_exactly_the_descriptors_of_the_protocol()
    {
        using FileStream ours = File.OpenRead("/proc/self/status");
        string[] lines = RunShell(
            "for n in /proc/self/fd/*; do echo \"$(basename $n) $(readlink $n)\"; done");
        string[] kinds = [.. lines.Select(line => line.Split('[')[0]).Order(StringComparer.Ordinal)];
        // The shell may have its own script or pipe open at 10 and above; the glob is read through a further
        // one.
        string[] low = [.. kinds.Where(line => line[1] == ' ' && line[0] <= '6')];
        string[] expected =
            ["0 /dev/null", "1 pipe:", "2 pipe:", "3 pipe:", "4 pipe:", "5 pipe:", "6 pipe:"];
        Assert.Equal(expected, low);
        Assert.DoesNotContain(lines, line => line.Contains("eventfd", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.EndsWith("/status", StringComparison.Ordinal));
    }

    [Fact]
    public void The_child_has_default_signals_its_own_group_and_our_environment()
    {
        Environment.SetEnvironmentVariable("CULVERIN_ORACLE_TEST", "naïve value");
        string[] lines = RunShell(
            "cat /proc/self/status; echo \"env $NO_COLOR $CULVERIN_ORACLE_TEST\"; "
            + "echo group $$; echo group $(cut -d' ' -f5 /proc/self/stat)");
        string ignored = lines.Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..];
        // The C library hides signals 32 and 33, which it needs for itself, by ignoring them in the child.
        const ulong Hidden = 0x1_8000_0000;
        Assert.Equal(0UL, Convert.ToUInt64(ignored.Trim(), 16) & ~Hidden);
        Assert.Contains("SigBlk:\t0000000000000000", lines);
        Assert.Contains("env 1 naïve value", lines);
        Assert.Equal(lines[^2], lines[^1]);
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("trap '' INT; cat /proc/self/fd/5")]
    [InlineData("cat /proc/self/fd/5; trap '' INT; while :; do sleep 1; done")]
    public void What_the_server_has_started_ends_with_it(string script)
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var options = new OracleOptions
        {
            EndOfInputGrace = TimeSpan.FromMilliseconds(300),
            InterruptGrace = TimeSpan.FromMilliseconds(300),
        };
        using var oracle = new ProcessOracle(
            "sh",
            ["-c", $"(trap '' INT TERM HUP; exec sleep 1000) & echo $!; {script}"],
            options,
            (line, _) => lines.Enqueue(line));
        Assert.True(SpinWait.SpinUntil(() => !lines.IsEmpty, TimeSpan.FromSeconds(20)));
        int grandchild = int.Parse(lines.First(), System.Globalization.CultureInfo.InvariantCulture);
        oracle.Dispose();

        // A dead process may wait for whoever has inherited it.
        Assert.True(SpinWait.SpinUntil(
            () => !OracleProcess.Exists(grandchild)
                || File.ReadAllText($"/proc/{grandchild}/stat").Contains(") Z ", StringComparison.Ordinal),
            TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Long_lines_and_odd_bytes_come_through_in_pieces()
    {
        string[] lines = RunShell("head -c 40000 /dev/zero | tr '\\0' x; echo; printf 'a\\377b\\r\\nlast'");
        Assert.Equal(16384, lines[0].Length);
        Assert.Equal(40000, lines[..^2].Sum(line => line.Length));
        Assert.Equal("a\uFFFDb", lines[^2]);
        Assert.Equal("last", lines[^1]);
    }

    [Fact]
    public void A_server_that_waits_for_the_end_of_input_costs_nothing()
    {
        // Plain cat needs no time to stop: a wait for the grace's end would be seen.
        var options = new OracleOptions { EndOfInputGrace = TimeSpan.FromMinutes(1) };
        var oracle = new ProcessOracle("cat", ["/proc/self/fd/5"], options);
        var watch = Stopwatch.StartNew();
        oracle.Shutdown();
        Assert.True(watch.Elapsed < options.EndOfInputGrace / 2, $"{watch.Elapsed}");
        Assert.Equal("ended with exit code 0", oracle.ExitDescription);
        Assert.False(OracleProcess.Exists(oracle.ProcessId));
    }

    [Fact]
    public void Shutdown_may_be_repeated_and_ends_all_service()
    {
        using var server = new OracleProcess("good");
        server.Oracle.GetPreimage(OracleProcess.Key(1, 3));
        server.Oracle.Shutdown();
        server.Oracle.Shutdown();
        server.Oracle.Dispose();
        Assert.Equal("ended with exit code 0", server.Oracle.ExitDescription);
        OracleAssert.Fails(
            ErrorCode.PreimageServer, () => server.Oracle.GetPreimage(OracleProcess.Key(1, 3)));
    }

    [Fact]
    public void A_server_that_ignores_the_end_of_input_is_interrupted()
    {
        var options = new OracleOptions
        {
            EndOfInputGrace = TimeSpan.FromMilliseconds(200),
            InterruptGrace = TimeSpan.FromMinutes(1),
        };
        using var server = new OracleProcess("ignore-end", options: options);
        server.Oracle.GetPreimage(OracleProcess.Key(1, 3));
        var watch = Stopwatch.StartNew();
        server.Oracle.Shutdown();
        Assert.InRange(watch.Elapsed, options.EndOfInputGrace * 0.9, options.InterruptGrace / 2);
        Assert.Equal("ended with exit code 0", server.Oracle.ExitDescription);
    }

    [Fact]
    public void A_server_that_ignores_everything_is_killed()
    {
        var options = new OracleOptions
        {
            EndOfInputGrace = TimeSpan.FromMilliseconds(200),
            InterruptGrace = TimeSpan.FromMilliseconds(300),
        };
        using var server = new OracleProcess("ignore-all", options: options);
        server.Oracle.GetPreimage(OracleProcess.Key(1, 3));
        CulverinException error = OracleAssert.Fails(ErrorCode.PreimageServer, server.Oracle.Shutdown);
        Assert.Contains("was killed", error.Message, StringComparison.Ordinal);
        Assert.False(OracleProcess.Exists(server.Oracle.ProcessId));
        server.Oracle.Shutdown();
    }

    [Fact]
    public void A_stopped_server_is_killed()
    {
        var options = new OracleOptions { FailedGrace = TimeSpan.FromMilliseconds(200) };
        using var source = new CancellationTokenSource();
        var oracle = new ProcessOracle("sh", ["-c", "kill -STOP $$"], options, (_, _) => { }, source.Token);
        source.Cancel();
        OracleAssert.Fails(ErrorCode.Cancelled, () => oracle.GetPreimage(OracleProcess.Key(1, 3)));
        oracle.Dispose();
        Assert.Equal("was ended by signal 9 (SIGKILL)", oracle.ExitDescription);
        Assert.False(OracleProcess.Exists(oracle.ProcessId));
    }

    [Fact]
    public void Cancellation_ends_a_waiting_request_at_once()
    {
        using var source = new CancellationTokenSource();
        using var server = new OracleProcess("silent", goodAnswers: 1, cancellation: source.Token);
        server.Oracle.GetPreimage(OracleProcess.Key(1, 3));
        var watch = new Stopwatch();
        using var timer = new Timer(_ =>
        {
            watch.Start();
            source.Cancel();
        }, null, 300, Timeout.Infinite);
        OracleAssert.Fails(ErrorCode.Cancelled, () => server.Oracle.GetPreimage(OracleProcess.Key(1, 3)));
        Assert.True(watch.IsRunning);
        Assert.True(watch.Elapsed < new OracleOptions().AnswerDeadline / 2, $"{watch.Elapsed}");
        OracleAssert.Fails(ErrorCode.Cancelled, () => server.Oracle.Hint([]));
    }

    [Fact]
    public void A_cancelled_token_starts_a_server_that_serves_nothing()
    {
        using var server = new OracleProcess("good", cancellation: new CancellationToken(true));
        OracleAssert.Fails(ErrorCode.Cancelled, () => server.Oracle.GetPreimage(OracleProcess.Key(1, 3)));
    }

    [Fact]
    public async Task Shutdown_by_another_thread_ends_a_waiting_request()
    {
        using var server = new OracleProcess("silent");
        Task request = Task.Run(() => server.Oracle.GetPreimage(OracleProcess.Key(1, 3)));
        await Task.Delay(500);
        server.Oracle.Shutdown();
        CulverinException error = await Assert.ThrowsAsync<CulverinException>(() => request);
        Assert.Equal(ErrorCode.Cancelled, error.Code);
    }

    [Fact]
    public void A_receiver_of_lines_that_throws_does_no_harm()
    {
        using var oracle = new ProcessOracle(
            "sh",
            ["-c", "echo one; echo two >&2; exit 9"],
            null,
            (_, _) => throw new InvalidOperationException());
        CulverinException error = OracleAssert.Fails(
            ErrorCode.PreimageServer, () => oracle.GetPreimage(OracleProcess.Key(1, 3)));
        Assert.Contains("exit code 9", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("two", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_descriptor_is_left_open()
    {
        // Other tests run at the same time, so small changes mean nothing; a leak would show up once per
        // round.
        const int Rounds = 50;
        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int round = 0; round < Rounds; round++)
        {
            using (var oracle = new ProcessOracle("cat", ["/proc/self/fd/5"], null, (_, _) => { }))
            {
                oracle.Shutdown();
            }

            using (var failing = new ProcessOracle("sh", ["-c", "exit 1"]))
            {
                OracleAssert.Fails(ErrorCode.PreimageServer, () => failing.GetPreimage(new byte[32]));
            }

            OracleAssert.Fails(
                ErrorCode.ProcessStart, () => new ProcessOracle("/none", [], null, (_, _) => { }).Dispose());
        }

        int after = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        Assert.True(after - before < Rounds / 2, $"{before} to {after}");
    }

    [Fact]
    public void A_broken_pipe_kills_nobody_even_where_its_signal_has_its_default_action()
    {
        // An embedding program need not ignore SIGPIPE as .NET does. Should the protection fail, the test
        // process dies here, which is hard to overlook.
        nint previous = SetSignalAction(SignalPipe, 0);
        try
        {
            using var oracle = new ProcessOracle("sh", ["-c", "exec 3<&- 5<&-; sleep 1; exit 8"]);
            Thread.Sleep(300);
            CulverinException error = OracleAssert.Fails(
                ErrorCode.PreimageServer, () => oracle.GetPreimage(OracleProcess.Key(1, 3)));
            Assert.Contains("closed its pipe", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            _ = SetSignalAction(SignalPipe, previous);
        }
    }

    private static string[] RunShell(string script)
    {
        var lines = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var oracle = new ProcessOracle("sh", ["-c", script], null, (line, _) => lines.Enqueue(line));
        Assert.True(
            SpinWait.SpinUntil(() => oracle.ExitDescription != "is still running", TimeSpan.FromSeconds(20)));
        oracle.Shutdown();
        Assert.Equal("ended with exit code 0", oracle.ExitDescription);
        return [.. lines];
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetSignalAction(int signal, nint action);
}
