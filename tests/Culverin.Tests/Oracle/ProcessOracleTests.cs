using Culverin.Oracle;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>The conversation with a server that behaves.</summary>
[Collection(OracleProcess.Collection)]
public sealed class ProcessOracleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(65527)]
    [InlineData(65528)]
    [InlineData(65529)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 1)]
    [InlineData(20 << 20)]
    public void Returns_the_value_of_any_size(int valueBytes)
    {
        using var server = new OracleProcess("good");
        byte[] key = OracleProcess.Key(1, valueBytes);
        Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
        Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
    }

    [Fact]
    public void Serves_many_small_requests_and_hints_in_between()
    {
        const int Seed = 20240117;
        var random = new Random(Seed);
        using var server = new OracleProcess("good");
        for (int request = 0; request < 20_000; request++)
        {
            byte[] key = OracleProcess.Key(1, random.Next(200), request);
            Assert.True(
                server.Oracle.GetPreimage(key).AsSpan().SequenceEqual(OracleProcess.Value(key)),
                $"request {request} of seed {Seed}");
            if (request % 100 == 0)
            {
                server.Oracle.Hint(key);
            }
        }
    }

    [Fact]
    public void Hints_arrive_whole_and_in_order()
    {
        using var server = new OracleProcess("echo-hint");
        byte[][] hints = [[], [1], [2, 3, 4], new byte[200]];
        foreach (byte[] hint in hints)
        {
            server.Oracle.Hint(hint);
        }

        server.Oracle.Shutdown();
        Assert.Equal(hints.Select(hint => "output: " + Convert.ToHexStringLower(hint)), server.Lines);
    }

    [Fact]
    public void A_hint_larger_than_a_pipe_gets_through()
    {
        using var server = new OracleProcess("good");
        server.Oracle.Hint(new byte[3 << 20]);
        server.Oracle.Hint([1]);
        byte[] key = OracleProcess.Key(1, 10);
        Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
    }

    [Fact]
    public void Serves_a_folder_as_the_directory_oracle_does()
    {
        using var folder = new TemporaryFolder();
        var keys = new List<byte[]>();
        for (int file = 0; file < 20; file++)
        {
            byte[] key = OracleProcess.Key(1, file * file * 37, file);
            File.WriteAllBytes(folder.File(Convert.ToHexStringLower(key)), OracleProcess.Value(key));
            keys.Add(key);
        }

        using var server = new OracleProcess([folder.Path]);
        using var directory = new DirectoryOracle(folder.Path);
        foreach (byte[] key in keys)
        {
            Assert.Equal(directory.GetPreimage(key), server.Oracle.GetPreimage(key));
        }

        byte[] missing = OracleProcess.Key(1, 5, 99);
        OracleAssert.Fails(ErrorCode.PreimageMissing, () => directory.GetPreimage(missing));
        CulverinException error = OracleAssert.Fails(
            ErrorCode.PreimageServer, () => server.Oracle.GetPreimage(missing));
        Assert.Contains("ended with exit code 2", error.Message, StringComparison.Ordinal);
        Assert.Contains($"missing pre-image {Convert.ToHexStringLower(missing)}", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_of_several_threads_are_kept_apart()
    {
        using var server = new OracleProcess("good");
        IEnumerable<Task> tasks = Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (int request = 0; request < 300; request++)
            {
                byte[] key = OracleProcess.Key(1, request, (worker * 1000) + request);
                Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
            }
        }));
        await Task.WhenAll(tasks);
    }

    [Fact]
    public void Keys_of_another_size_are_refused()
    {
        using var server = new OracleProcess("good");
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => server.Oracle.GetPreimage(new byte[31]));
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => server.Oracle.GetPreimage(new byte[33]));
        byte[] key = OracleProcess.Key(1, 3);
        Assert.Equal(OracleProcess.Value(key), server.Oracle.GetPreimage(key));
    }
}
