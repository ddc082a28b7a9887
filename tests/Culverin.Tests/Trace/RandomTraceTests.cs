using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Oracle;
using Culverin.Tests.Shared;
using Culverin.Trace;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Trace;

/// <summary>
/// Indexes of random programs, which write over their own code, start threads, read pre-images and fail:
/// asked to and fro with checkpoints every few steps, they answer what plain runs do.
/// </summary>
public sealed class RandomTraceTests(ITestOutputHelper output)
{
    private const int ProgramCount = 12;
    private const int QueryCount = 60;
    private const ulong StepsMax = 3000;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void AnswersEqualPlainRuns(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        int compared = 0;
        for (int number = 0; number < ProgramCount; number++)
        {
            compared += Compare(seed + number, version);
        }

        Assert.True(compared > ProgramCount * 10, $"seed {seed}: only {compared} hashes were compared");
    }

    private static int Compare(int seed, StateVersion version)
    {
        var random = new Random(seed);
        using Machine plain = new RandomProgram(seed, version).CreateMachine();
        List<string> hashes = [Hex(plain.StateHash())];
        try
        {
            while (!plain.Exited && plain.Step < StepsMax)
            {
                plain.ExecuteStep();
                hashes.Add(Hex(plain.StateHash()));
            }
        }
        catch (CulverinException)
        {
            // The trace ends where the program fails.
        }

        using var folder = new TemporaryFolder();
        var options = new TraceOptions
        {
            Source = RandomSteps.CreateOracle,
            SpacingSteps = (ulong)random.Next(1, 200),
            ProbeSteps = (ulong)random.Next(1, 30),
            CheckpointsMax = random.Next(2, 20),
            ProbesMax = random.Next(1, 10),
            DiskBytesMax = random.Next(3) == 0 ? 100_000 : 1 << 30,
        };
        using MachineImage first = new RandomProgram(seed, version).Create();
        using var index = TraceIndex.Create(folder.Path, first, options);
        for (int query = 0; query < QueryCount; query++)
        {
            int step = random.Next(hashes.Count);
            string hash = Hex(index.HashAt((ulong)step));
            Assert.True(hashes[step] == hash, $"seed {seed}, version {version}: differs at step {step}");
        }

        return QueryCount;
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
