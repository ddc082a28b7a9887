using Culverin.Prove;
using Culverin.Run;
using Culverin.Tests.Oracle;
using Culverin.Trace;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Trace;

/// <summary>An index answers what plain runs do.</summary>
public sealed class TraceIndexTests(ITestOutputHelper output)
{
    private const int RandomSteps = 12;

    [Theory]
    [InlineData(StateVersion.SingleThreaded, "quirks")]
    [InlineData(StateVersion.SingleThreaded2, "hello")]
    [InlineData(StateVersion.SingleThreaded2, "preimage")]
    [InlineData(StateVersion.MultiThreaded, "mtquirks")]
    [InlineData(StateVersion.MultiThreaded2, "threads")]
    [InlineData(StateVersion.MultiThreaded64V3, "quirks64")]
    [InlineData(StateVersion.MultiThreaded64V4, "threads")]
    [InlineData(StateVersion.MultiThreaded64V5, "preimage")]
    public void AnswersEqualPlainRuns(StateVersion version, string guest)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var plain = new PlainRun(version, guest);
        using var folder = new TemporaryFolder();
        using TraceIndex index = plain.Create(folder.Path, plain.Options());
        ulong[] steps = Steps(random, plain.Steps);
        IReadOnlyList<string> expected = plain.HashesAt(steps);

        // Before, while and after the trace is built, in any order.
        Assert.Equal(expected[0], Hex(index.HashAt(steps[0])));
        index.Build();
        Assert.Equal(expected, index.HashesAt(steps).Select(Hex));
        for (int number = 0; number < steps.Length; number++)
        {
            string hash = Hex(index.HashAt(steps[number]));
            Assert.True(expected[number] == hash, $"seed {seed}: differs at {steps[number]}");
        }

        foreach (ulong step in steps.Where(step => step < plain.Steps).Take(6))
        {
            AssertSame(plain.ProofAt(step), index.ProofAt(step));
        }

        Assert.Equal(plain.Vector.FinalHash, "0x" + Hex(index.Final().StateHash));
        Assert.Equal(plain.Steps, index.Final().Step);
        Assert.Equal(plain.Vector.ExitCode, index.Final().ExitCode);
        Assert.InRange(index.Describe().CheckpointCount, 2, 8 + index.Describe().ProbeCount);
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void PastTheEndTheLastStateStays(StateVersion version)
    {
        var plain = new PlainRun(version, "hello");
        using var folder = new TemporaryFolder();
        using TraceIndex index = plain.Create(folder.Path, plain.Options());
        string last = plain.Vector.FinalHash[2..];
        foreach (ulong step in new[] { plain.Steps, plain.Steps + 1, 1UL << 42, ulong.MaxValue })
        {
            Assert.Equal(last, Hex(index.HashAt(step)));
            StepProof proof = index.ProofAt(step);
            Assert.Equal((last, last), (Hex(proof.PreHash), Hex(proof.PostHash)));
            Assert.Equal(plain.Steps, proof.Step);
            Assert.Equal(index.Final().Witness, proof.StateData);
        }
    }

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void ProbesMayRunSideBySide(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var plain = new PlainRun(version, "preimage");
        using var folder = new TemporaryFolder();
        TraceOptions options = plain.Options() with { Parallelism = 4 };
        using TraceIndex index = plain.Create(folder.Path, options);
        index.Build(plain.Steps / 2);
        var random = new Random(seed);
        ulong[] steps = Steps(random, plain.Steps);
        Assert.Equal(plain.HashesAt(steps), index.HashesAt(steps).Select(Hex));
        Assert.Equal(plain.HashesAt(steps), index.HashesAt(steps).Select(Hex));
    }

    [Fact]
    public void AStepBeforeTheFirstIsRefused()
    {
        var plain = new PlainRun(StateVersion.SingleThreaded2, "hello");
        using var folder = new TemporaryFolder();
        using Machine machine = plain.Vector.CreateMachine();
        _ = machine.Run(new RunLimits { UntilStep = 1000 });
        using var index = TraceIndex.Create(folder.Path, machine.Image, plain.Options());
        Assert.Equal(plain.HashesAt([1000]), [Hex(index.HashAt(1000))]);
        Assert.Equal(plain.HashesAt([5000]), [Hex(index.HashAt(5000))]);
        CulverinException error = Assert.Throws<CulverinException>(() => index.HashAt(999));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);

        // The image that the trace began with is as it was.
        Assert.Equal(plain.HashesAt([1000]), [Hex(machine.StateHash())]);
    }

    [Fact]
    public void APanicIsToldAndStepsBeforeItAreAnswered()
    {
        var plain = new PlainRun(StateVersion.MultiThreaded64V5, "panic1");
        using var folder = new TemporaryFolder();
        using TraceIndex index = plain.Create(folder.Path, plain.Options());
        ulong panic = plain.Vector.PanicStep!.Value;
        CulverinException error = Assert.ThrowsAny<CulverinException>(() => index.Build());
        Assert.Equal(ErrorCode.GuestPanic, error.Code);
        Assert.Equal(plain.HashesAt([panic]), [Hex(index.HashAt(panic))]);
        Assert.Equal(plain.HashesAt([0]), [Hex(index.HashAt(0))]);
    }

    private static void AssertSame(StepProof expected, StepProof actual)
    {
        Assert.Equal(expected.Step, actual.Step);
        Assert.Equal(Hex(expected.PreHash), Hex(actual.PreHash));
        Assert.Equal(Hex(expected.PostHash), Hex(actual.PostHash));
        Assert.Equal(Hex(expected.StateData), Hex(actual.StateData));
        Assert.Equal(Hex(expected.ProofData), Hex(actual.ProofData));
        Assert.Equal(expected.Oracle is null, actual.Oracle is null);
        Assert.Equal(expected.Oracle?.Key, actual.Oracle?.Key);
        Assert.Equal(expected.Oracle?.Value, actual.Oracle?.Value);
        Assert.Equal(expected.Oracle?.Offset, actual.Oracle?.Offset);
    }

    /// <summary>Random and adjacent steps, the first, the last and beyond, mixed.</summary>
    private static ulong[] Steps(Random random, ulong last)
    {
        var steps = new List<ulong> { 0, 1, last - 1, last, last + 1, ulong.MaxValue };
        for (int count = 0; count < RandomSteps; count++)
        {
            ulong step = (ulong)random.NextInt64((long)last);
            steps.AddRange([step, step + 1]);
        }

        ulong[] mixed = [.. steps];
        random.Shuffle(mixed);
        return mixed;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
