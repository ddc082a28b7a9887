using System.Diagnostics;
using System.Globalization;
using Culverin.Oracle;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>Servers that die, lie or fall silent: a typed error, soon, and nothing left behind.</summary>
[Collection(OracleProcess.Collection)]
public sealed class ProcessOracleFaultTests
{
    // Far below the deadline of ten minutes, far above what a loaded machine needs.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_server_that_dies_at_the_start_is_named_with_exit_code_and_last_words()
    {
        using var server = new OracleProcess("die-at-start");
        CulverinException error = OracleAssert.FailsWithin(Soon, ErrorCode.PreimageServer,
            () => server.Oracle.GetPreimage(OracleProcess.Key(1, 10)));
        Assert.Contains("ended with exit code 3", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("first line | the database is gone", error.Message, StringComparison.Ordinal);
        Assert.Equal(["error: first line", "error: the database is gone"], server.Lines);
    }

    [Theory]
    [InlineData("die", "ended with exit code 4")]
    [InlineData("kill", "was ended by signal 9 (SIGKILL)")]
    [InlineData("grandchild", "ended with exit code 5")]
    [InlineData("short", "after 40 of the 100 bytes")]
    [InlineData("half-length", "after 3 of the 8 bytes")]
    [InlineData("extra", "promised 40 bytes")]
    [InlineData("close", "closed its pipe, though it still runs")]
    public void A_fault_is_reported_without_waiting_for_the_deadline(string mode, string words)
    {
        using var server = new OracleProcess(mode, goodAnswers: 3);
        for (int request = 0; request < 3; request++)
        {
            byte[] key = OracleProcess.Key(1, 10, request);
            Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
        }

        CulverinException error = OracleAssert.FailsWithin(Soon, ErrorCode.PreimageServer,
            () => server.Oracle.GetPreimage(OracleProcess.Key(1, 10)));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        AssertStaysFailed(server, error);
        EndGrandchild(server);
    }

    [Fact]
    public void Control_characters_of_the_server_do_not_reach_the_message()
    {
        using var server = new OracleProcess("die");
        CulverinException error = OracleAssert.Fails(ErrorCode.PreimageServer,
            () => server.Oracle.GetPreimage(OracleProcess.Key(1, 10)));
        Assert.EndsWith("out of luck?[31m", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_was_sent_before_death_still_counts()
    {
        using var server = new OracleProcess("answer-and-die");
        byte[] key = OracleProcess.Key(1, 5000);
        Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
        CulverinException error = OracleAssert.FailsWithin(Soon, ErrorCode.PreimageServer,
            () => server.Oracle.GetPreimage(key));
        Assert.Contains("ended with exit code 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absurd_length_is_refused_without_reserving_memory()
    {
        using var server = new OracleProcess("huge");
        CulverinException error = OracleAssert.FailsWithin(Soon, ErrorCode.LimitExceeded,
            () => server.Oracle.GetPreimage(OracleProcess.Key(1, 10)));
        Assert.Contains("18446744073709551615 bytes", error.Message, StringComparison.Ordinal);
        AssertStaysFailed(server, error);
    }

    [Fact]
    public void The_largest_size_is_what_the_options_say()
    {
        using var server = new OracleProcess("good", options: new OracleOptions { PreimageBytesMax = 1000 });
        Assert.Equal(1000, server.Oracle.GetPreimage(OracleProcess.Key(1, 1000)).Length);
        OracleAssert.Fails(
            ErrorCode.LimitExceeded, () => server.Oracle.GetPreimage(OracleProcess.Key(1, 1001)));
    }

    [Fact]
    public void A_promise_within_the_limit_reserves_only_what_arrives()
    {
        var options = new OracleOptions
        {
            PreimageBytesMax = OracleOptions.PreimageBytesLimit,
            AnswerDeadline = TimeSpan.FromSeconds(1),
        };
        using var server = new OracleProcess("stall-large", options: options);
        long before = GC.GetAllocatedBytesForCurrentThread();
        OracleAssert.Fails(
            ErrorCode.PreimageServer, () => server.Oracle.GetPreimage(OracleProcess.Key(1, 10)));
        long reserved = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(reserved < 4 << 20, string.Create(CultureInfo.InvariantCulture, $"{reserved} bytes"));
    }

    [Fact]
    public void Bytes_that_nobody_asked_for_are_an_error_at_the_next_request()
    {
        using var server = new OracleProcess("extra-late");
        byte[] key = OracleProcess.Key(1, 10);
        Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
        Thread.Sleep(1000);
        CulverinException error = OracleAssert.Fails(
            ErrorCode.PreimageServer, () => server.Oracle.GetPreimage(key));
        Assert.Contains("sent more bytes than its last answer has", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("stall")]
    public void Silence_ends_at_the_deadline(string mode)
    {
        var options = new OracleOptions { AnswerDeadline = TimeSpan.FromSeconds(4) };
        using var server = new OracleProcess(mode, goodAnswers: 1, options);
        byte[] key = OracleProcess.Key(1, 10);
        Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
        var watch = Stopwatch.StartNew();
        CulverinException error = OracleAssert.FailsWithin(Soon, ErrorCode.PreimageServer,
            () => server.Oracle.GetPreimage(key));
        Assert.True(watch.ElapsedMilliseconds >= 3990, $"too early: {watch.Elapsed}");
        Assert.Contains("fell silent", error.Message, StringComparison.Ordinal);
        AssertStaysFailed(server, error);
    }

    [Fact]
    public void Hints_have_the_same_deadline()
    {
        using var server = new OracleProcess(
            "no-ack", options: new OracleOptions { AnswerDeadline = TimeSpan.FromMilliseconds(300) });
        OracleAssert.Fails(ErrorCode.PreimageServer, () => server.Oracle.Hint([1, 2, 3]));
    }

    [Fact]
    public void A_server_that_does_not_read_a_large_hint_is_late_too()
    {
        using var server = new OracleProcess(
            "no-hints", options: new OracleOptions { AnswerDeadline = TimeSpan.FromMilliseconds(500) });
        CulverinException error = OracleAssert.Fails(
            ErrorCode.PreimageServer, () => server.Oracle.Hint(new byte[8 << 20]));
        Assert.Contains("before it took a hint", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("die-at-hint", "ended with exit code 6")]
    [InlineData("two-byte-ack", "more than one byte")]
    public void A_broken_hint_channel_is_an_error(string mode, string words)
    {
        using var server = new OracleProcess(mode);
        CulverinException error = OracleAssert.FailsWithin(
            Soon, ErrorCode.PreimageServer, () => server.Oracle.Hint([1, 2, 3]));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        AssertStaysFailed(server, error);
    }

    private static void AssertStaysFailed(OracleProcess server, CulverinException error)
    {
        CulverinException again = OracleAssert.FailsWithin(Soon, error.Code,
            () => server.Oracle.GetPreimage(OracleProcess.Key(1, 10)));
        Assert.Equal(error.Message, again.Message);
        Assert.Equal(error.Message, OracleAssert.Fails(error.Code, () => server.Oracle.Hint([])).Message);
    }

    private static void EndGrandchild(OracleProcess server)
    {
        string? line = server.Lines.FirstOrDefault(
            text => text.StartsWith("output: grandchild ", StringComparison.Ordinal));
        if (line is not null)
        {
            int id = int.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
            Assert.True(OracleProcess.Exists(id), "the grandchild should have kept the pipes open");
            using var grandchild = Process.GetProcessById(id);
            grandchild.Kill();
        }
    }
}
