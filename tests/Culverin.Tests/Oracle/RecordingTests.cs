using Culverin.Oracle;
using Xunit;

namespace Culverin.Tests.Oracle;

/// <summary>Recording a source and replaying it.</summary>
public sealed class RecordingTests
{
    [Fact]
    public void A_replay_equals_its_recording()
    {
        const int Seed = 7;
        var random = new Random(Seed);
        using var folder = new TemporaryFolder();
        string file = folder.File("run.preimages");
        var keys = new List<byte[]>();
        var hints = new List<byte[]>();
        using (var recording = new RecordingOracle(
            new CallbackOracle(key => OracleProcess.Value(key.ToArray())), file))
        {
            for (int request = 0; request < 500; request++)
            {
                byte[] key = OracleProcess.Key((byte)random.Next(1, 7), random.Next(4000), request / 2);
                keys.Add(key);
                Assert.Equal(OracleProcess.Value(key), recording.GetPreimage(key));
                Assert.Equal(OracleProcess.Value(key), recording.GetPreimage(key));
                byte[] hint = new byte[random.Next(50)];
                random.NextBytes(hint);
                recording.Hint(hint);
                hints.Add(hint);
            }

            Assert.False(File.Exists(file));
            Assert.True(File.Exists(recording.PartialPath));
            recording.Shutdown();
            Assert.True(File.Exists(file));
            Assert.False(File.Exists(recording.PartialPath));
        }

        using var replay = new ReplayOracle(file);
        Assert.True(replay.IsFinished);
        Assert.Equal(500, replay.PreimageCount);
        Assert.Equal(500, replay.HintCount);
        replay.Hint([1]);
        foreach (byte[] key in keys)
        {
            Assert.Equal(OracleProcess.Value(key), replay.GetPreimage(key));
        }

        for (int index = 0; index < hints.Count; index++)
        {
            Assert.Equal(hints[index], replay.ReadHint(index));
        }

        OracleAssert.Fails(ErrorCode.InvalidArgument, () => replay.ReadHint(500));
        OracleAssert.Fails(ErrorCode.InvalidArgument, () => replay.ReadHint(-1));
        OracleAssert.Fails(ErrorCode.PreimageMissing, () => replay.GetPreimage(new byte[32]));
        replay.Shutdown();
        replay.Shutdown();
        OracleAssert.Fails(ErrorCode.Cancelled, () => replay.GetPreimage(keys[0]));
    }

    [Fact]
    public void Each_key_is_recorded_once()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("a");
        using (var recording = new RecordingOracle(new CallbackOracle(_ => new byte[1000]), file))
        {
            for (int round = 0; round < 100; round++)
            {
                recording.GetPreimage(new byte[32]);
            }
        }

        Assert.InRange(new FileInfo(file).Length, 1000, 1200);
        using var replay = new ReplayOracle(file);
        Assert.Equal(1, replay.PreimageCount);
    }

    [Fact]
    public void Two_answers_to_one_key_are_an_error()
    {
        byte next = 0;
        using var folder = new TemporaryFolder();
        using var recording = new RecordingOracle(new CallbackOracle(_ => [next++]), folder.File("a"));
        recording.GetPreimage(new byte[32]);
        OracleAssert.Fails(ErrorCode.PreimageServer, () => recording.GetPreimage(new byte[32]));
    }

    [Fact]
    public void Everything_answered_is_readable_at_every_moment()
    {
        using var folder = new TemporaryFolder();
        using var recording = new RecordingOracle(
            new CallbackOracle(key => OracleProcess.Value(key.ToArray())), folder.File("a"));
        for (int count = 0; count < 20; count++)
        {
            // What another process sees now is what a crash at this moment would leave.
            OracleAssert.Fails(ErrorCode.FileAccess, () => new ReplayOracle(recording.PartialPath).Dispose());
            using var replay = new ReplayOracle(recording.PartialPath, acceptUnfinished: true);
            Assert.False(replay.IsFinished);
            Assert.Equal(count, replay.PreimageCount);
            for (int index = 0; index < count; index++)
            {
                byte[] key = OracleProcess.Key(1, 10 * index, index);
                Assert.Equal(OracleProcess.Value(key), replay.GetPreimage(key));
            }

            CulverinException error = OracleAssert.Fails(
                ErrorCode.PreimageMissing, () => replay.GetPreimage(new byte[32]));
            Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
            recording.GetPreimage(OracleProcess.Key(1, 10 * count, count));
        }
    }

    [Fact]
    public void A_partial_file_is_never_overwritten()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("a");
        File.WriteAllText(file + ".partial", "precious");
        File.WriteAllText(file, "old");
        using (var first = new RecordingOracle(NoOracle.Instance, file))
        using (var second = new RecordingOracle(NoOracle.Instance, file))
        {
            Assert.Equal(file + ".partial2", first.PartialPath);
            Assert.Equal(file + ".partial3", second.PartialPath);
            Assert.Equal("old", File.ReadAllText(file));
        }

        Assert.Equal("precious", File.ReadAllText(file + ".partial"));
        using var replay = new ReplayOracle(file);
        Assert.Equal(0, replay.PreimageCount);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public void A_failed_source_leaves_a_complete_recording_of_what_it_gave()
    {
        using var folder = new TemporaryFolder();
        using (var recording = new RecordingOracle(
            new CallbackOracle(key => key[1] == 0 ? key.ToArray() : null), folder.File("a")))
        {
            recording.GetPreimage(new byte[32]);
            OracleAssert.Fails(
                ErrorCode.PreimageMissing, () => recording.GetPreimage([0, 1, .. new byte[30]]));
        }

        using var replay = new ReplayOracle(folder.File("a"));
        Assert.Equal(1, replay.PreimageCount);
    }

    [Fact]
    public void Files_that_cannot_be_used_are_typed_errors()
    {
        using var folder = new TemporaryFolder();
        OracleAssert.Fails(ErrorCode.FileAccess, () => new RecordingOracle(
            NoOracle.Instance, folder.File("missing/a")).Dispose());
        OracleAssert.Fails(ErrorCode.FileAccess, () => new ReplayOracle(folder.File("none")).Dispose());
        OracleAssert.Fails(ErrorCode.FileAccess, () => new ReplayOracle(folder.Path).Dispose());
        OracleAssert.Fails(ErrorCode.FileAccess, () => new ReplayOracle("/dev/null").Dispose());
        foreach (string content in new[] { "", "CULVERIN", "not a recording, but long enough" })
        {
            File.WriteAllText(folder.File("bad"), content);
            OracleAssert.Fails(ErrorCode.FileAccess, () => new ReplayOracle(folder.File("bad")).Dispose());
            OracleAssert.Fails(ErrorCode.FileAccess,
                () => new ReplayOracle(folder.File("bad"), acceptUnfinished: true).Dispose());
        }
    }

    [Fact]
    public void A_full_disk_is_a_typed_error()
    {
        // Every write to this device fails as on a full disk.
        const string Device = "/dev/full";
        using var folder = new TemporaryFolder();
        CulverinException error = OracleAssert.Fails(ErrorCode.FileAccess, () => new RecordWriter(
            folder.File("a"), Device, File.OpenHandle(Device, FileMode.Open, FileAccess.Write)).Dispose());
        Assert.Contains(Device, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_largest_size_holds_for_replays_too()
    {
        using var folder = new TemporaryFolder();
        using (var recording = new RecordingOracle(new CallbackOracle(_ => new byte[100]), folder.File("a")))
        {
            recording.GetPreimage(new byte[32]);
            recording.Hint(new byte[100]);
        }

        using var replay = new ReplayOracle(folder.File("a"), new OracleOptions { PreimageBytesMax = 99 });
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => replay.GetPreimage(new byte[32]));
        OracleAssert.Fails(ErrorCode.LimitExceeded, () => replay.ReadHint(0));
    }
}
