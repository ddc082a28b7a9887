using Culverin.Oracle;
using Culverin.Run;
using Culverin.Tests.Oracle;
using Culverin.Trace;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Trace;

/// <summary>What happens to an index's folder: damage, interruption, a small disk, a second user.</summary>
public sealed class TraceFolderTests(ITestOutputHelper output)
{
    private const int Rounds = 40;
    private const int Interruptions = 8;

    // A machine made from checkpoints has a copy of them: a mapped file cut short would end the process.
    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void AMachineOutlivesTheFilesItWasMadeFrom(StateVersion version)
    {
        var plain = new PlainRun(version, "hello");
        using var folder = new TemporaryFolder();
        using TraceIndex index = plain.Create(folder.Path, plain.Options());
        index.Build();
        using TraceRun run = index.RunNear(plain.Steps / 2, new MachineOptions());
        foreach (string path in Directory.GetFiles(folder.Path, "*.culverin"))
        {
            using FileStream file = File.OpenWrite(path);
            file.SetLength(0);
        }

        Assert.Equal(plain.HashesAt([run.Machine.Step]), [Convert.ToHexStringLower(run.Machine.StateHash())]);
        _ = run.Machine.Run(new RunLimits());
        Assert.Equal(plain.Vector.FinalHash[2..], Convert.ToHexStringLower(run.Machine.StateHash()));
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void DamagedFilesAreFoundAndMadeAgain(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var plain = new PlainRun(version, "hello");
        TraceOptions options = plain.Options(14) with { CheckpointsMax = 100 };
        using var folder = new TemporaryFolder();
        int whole;
        using (TraceIndex index = plain.Create(folder.Path, options))
        {
            index.Build();
            whole = index.Describe().CheckpointCount;
        }

        ulong[] steps = [.. Enumerable.Range(0, 12).Select(_ => (ulong)random.NextInt64((long)plain.Steps))];
        IReadOnlyList<string> expected = plain.HashesAt(steps);
        for (int round = 0; round < Rounds; round++)
        {
            string[] files = Directory.GetFiles(folder.Path, "*-*.culverin");
            bool mayDelete = round > Rounds / 2;
            foreach (string file in random.GetItems(files, random.Next(1, 4)).Distinct())
            {
                Damage(random, file, mayDelete);
            }

            using var index = TraceIndex.Open(folder.Path, options);
            int number = random.Next(steps.Length);
            Assert.True(
                expected[number] == Convert.ToHexStringLower(index.HashAt(steps[number])),
                $"seed {seed}, round {round}: differs at {steps[number]}");
            if (round % 4 == 3)
            {
                index.Build();
                Assert.Equal(expected, index.HashesAt(steps).Select(Convert.ToHexStringLower));
                TraceSummary summary = index.Describe();
                Assert.True(summary.IsFinished);
                Assert.Equal(plain.Steps, summary.LastStep);

                // A file that is gone leaves no sign, unless others are based on it.
                int count = summary.CheckpointCount - summary.ProbeCount;
                Assert.True(mayDelete || count >= whole, $"seed {seed}, round {round}: {count} of {whole}");
            }
        }
    }

    [Fact]
    public void ADamagedFirstStateNeedsTheInput()
    {
        var plain = new PlainRun(StateVersion.SingleThreaded2, "hello");
        using var folder = new TemporaryFolder();
        using (TraceIndex index = plain.Create(folder.Path, plain.Options()))
        {
            index.Build();
        }

        string first = Path.Combine(folder.Path, "first.culverin");
        byte[] good = File.ReadAllBytes(first);
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (int round = 0; round < 20; round++)
        {
            File.WriteAllBytes(first, good);
            Damage(random, first, mayDelete: true);
            CulverinException error = Assert.Throws<CulverinException>(() =>
            {
                using var broken = TraceIndex.Open(folder.Path, plain.Options());
                _ = broken.HashAt(0);
            });
            Assert.Equal(ErrorCode.InvalidState, error.Code);
            using TraceIndex index = plain.Create(folder.Path, plain.Options());
            Assert.Equal(
                plain.HashesAt([plain.Steps / 2]),
                [Convert.ToHexStringLower(index.HashAt(plain.Steps / 2))]);
        }
    }

    [Fact]
    public void DamagedPreimagesAreAskedForAgain()
    {
        var plain = new PlainRun(StateVersion.SingleThreaded2, "preimage");
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var folder = new TemporaryFolder();
        using (TraceIndex index = plain.Create(folder.Path, plain.Options()))
        {
            index.Build();
            Assert.True(index.Describe().PreimageCount > 0);
        }

        // Without the checkpoints the whole trace is run again, with the pre-images that are left.
        string record = Assert.Single(Directory.GetFiles(folder.Path, "preimages-*"));
        byte[] good = File.ReadAllBytes(record);
        string expected = plain.Vector.FinalHash[2..];
        for (int round = 0; round < 12; round++)
        {
            int place = round == 0 ? 3 : random.Next(good.Length);
            RemoveCheckpoints();
            byte[] bad = [.. good];
            bad[place] ^= 0x10;
            File.WriteAllBytes(record, bad);
            using (var alone = TraceIndex.Open(folder.Path, plain.Options() with { Source = null }))
            {
                try
                {
                    Assert.Equal(expected, Convert.ToHexStringLower(alone.HashAt(ulong.MaxValue)));
                }
                catch (CulverinException error)
                {
                    Assert.True(
                        error.Code is ErrorCode.PreimageMissing or ErrorCode.FileAccess,
                        $"seed {seed}: {error}");
                }
            }

            using var index = TraceIndex.Open(folder.Path, plain.Options());
            Assert.Equal(expected, Convert.ToHexStringLower(index.HashAt(ulong.MaxValue)));
            index.Dispose();
            foreach (string other in Directory.GetFiles(folder.Path, "preimages-*"))
            {
                File.Delete(other);
            }
        }

        void RemoveCheckpoints()
        {
            foreach (string file in Directory.GetFiles(folder.Path, "*-*.culverin"))
            {
                File.Delete(file);
            }
        }
    }

    [Fact]
    public void WhereNothingCanBeRecordedTheSourceIsAsked()
    {
        using var folder = new TemporaryFolder();
        string gone = folder.File("gone");
        _ = Directory.CreateDirectory(gone);
        int hints = 0;
        using var oracle = new TraceOracle(gone, () =>
        {
            Directory.Delete(gone, recursive: true);
            return new CallbackOracle(key => [key[0]], _ => hints++);
        });
        oracle.Hint([1]);
        byte[] key = new byte[32];
        key[0] = 9;
        Assert.Equal([9], oracle.GetPreimage(key));
        Assert.Equal([9], oracle.GetPreimage(key));
        Assert.Equal(1, hints);
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void InterruptedBuildsGoOn(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var plain = new PlainRun(version, "preimage");
        using var folder = new TemporaryFolder();
        ulong last = 0;
        for (int round = 0; round < Interruptions; round++)
        {
            using TraceIndex index = plain.Create(folder.Path, plain.Options(60));
            Assert.True(index.Describe().LastStep >= last, $"seed {seed}: went back from {last}");
            using var cancellation = new CancellationTokenSource(random.Next(1, 60));
            try
            {
                index.Build(cancellation: cancellation.Token);
            }
            catch (CulverinException error)
            {
                Assert.Equal(ErrorCode.Cancelled, error.Code);
            }

            last = index.Describe().LastStep;
            File.WriteAllText(Path.Combine(folder.Path, ".culverin-left.tmp"), "half a file");
        }

        using TraceIndex end = plain.Create(folder.Path, plain.Options(60));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp"));
        Assert.Equal(plain.Vector.FinalHash[2..], Convert.ToHexStringLower(end.Final().StateHash));
        ulong[] steps = [.. Enumerable.Range(0, 8).Select(_ => (ulong)random.NextInt64((long)plain.Steps))];
        Assert.Equal(plain.HashesAt(steps), end.HashesAt(steps).Select(Convert.ToHexStringLower));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(400_000)]
    [InlineData(3_000_000)]
    public void ASmallDiskKeepsFewCheckpoints(long diskBytes)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var plain = new PlainRun(StateVersion.MultiThreaded64V5, "hello");
        using var folder = new TemporaryFolder();
        TraceOptions options = plain.Options(100) with { DiskBytesMax = diskBytes, CheckpointsMax = 1000 };
        using TraceIndex index = plain.Create(folder.Path, options);
        index.Build();
        TraceSummary built = index.Describe();
        output.WriteLine($"{built}");
        ulong[] steps = [.. Enumerable.Range(0, 15).Select(_ => (ulong)random.NextInt64((long)plain.Steps))];
        Assert.Equal(plain.HashesAt(steps), index.HashesAt(steps).Select(Convert.ToHexStringLower));
        long onDisk = Directory.GetFiles(folder.Path, "*-*.culverin").Sum(file => new FileInfo(file).Length);
        Assert.Equal(index.Describe().DiskBytes, onDisk);
        Assert.True(built.DiskBytes <= diskBytes || built.CheckpointCount <= 8, $"seed {seed}: {built}");
        Assert.True(built.SpacingSteps > options.SpacingSteps || diskBytes > 2_000_000, $"{built}");
    }

    [Fact]
    public void OneFolderHasOneUserAtATime()
    {
        var plain = new PlainRun(StateVersion.SingleThreaded2, "hello");
        using var folder = new TemporaryFolder();
        TraceIndex index = plain.Create(folder.Path, plain.Options());
        CulverinException error = Assert.Throws<CulverinException>(
            () => TraceIndex.Open(folder.Path, plain.Options()));
        Assert.Equal(ErrorCode.FileAccess, error.Code);
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        using var timer = new Timer(_ => index.Dispose(), null, 200, Timeout.Infinite);
        TraceOptions patient = plain.Options() with { LockWait = TimeSpan.FromMinutes(1) };
        using var second = TraceIndex.Open(folder.Path, patient);
        Assert.Equal(plain.HashesAt([77]), [Convert.ToHexStringLower(second.HashAt(77))]);
    }

    [Fact]
    public void AnotherTraceIsRefused()
    {
        var hello = new PlainRun(StateVersion.SingleThreaded2, "hello");
        using var folder = new TemporaryFolder();
        hello.Create(folder.Path, hello.Options() with { InputName = "a" }).Dispose();
        var quirks = new PlainRun(StateVersion.SingleThreaded2, "quirks");
        Refused(() => quirks.Create(folder.Path, quirks.Options() with { InputName = "a" }));
        Refused(() => hello.Create(folder.Path, hello.Options() with { InputName = "b" }));
        Refused(() => TraceIndex.Open(folder.Path, hello.Options() with { InputName = "b" }));
        TraceIndex.Open(folder.Path, hello.Options() with { InputName = "a" }).Dispose();
        TraceIndex.Open(folder.Path, hello.Options()).Dispose();

        static void Refused(Func<TraceIndex> open) =>
            Assert.Equal(ErrorCode.InvalidArgument, Assert.Throws<CulverinException>(open).Code);
    }

    private static void Damage(Random random, string path, bool mayDelete)
    {
        byte[] bytes = File.ReadAllBytes(path);
        switch (random.Next(mayDelete ? 0 : 1, 4))
        {
            case 0:
                File.Delete(path);
                return;
            case 1:
                File.WriteAllBytes(path, bytes[..random.Next(bytes.Length)]);
                return;
            case 2:
                bytes[random.Next(Math.Min(bytes.Length, 400))] ^= (byte)(1 << random.Next(8));
                break;
            default:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                break;
        }

        File.WriteAllBytes(path, bytes);
    }
}
