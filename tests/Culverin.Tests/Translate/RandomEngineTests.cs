using Culverin.Tests.Shared.Engines;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Tests.Translate;

/// <summary>
/// The main test of the fast paths: random programs on the translator, tuned to extremes, and on the
/// interpreter, against the slow path, compared in everything at every stop.
/// </summary>
public sealed class RandomEngineTests(ITestOutputHelper output)
{
    private const int CaseCount = 300;

    [Theory]
    [MemberData(nameof(StateVersions.All), MemberType = typeof(StateVersions))]
    public void EnginesEqualTheSlowPathAtEveryStop(StateVersion version)
    {
        int seed = RandomSeed.Next();
        output.WriteLine($"seed {seed} (CULVERIN_SEED repeats it)");
        long steps = 0;
        string? report = null;
        var everyProcessor = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        _ = Parallel.For(0, CaseCount, everyProcessor, (index, loop) =>
        {
            var comparison = new EngineComparison(new EngineCase(seed + index, version));
            if (comparison.Run() is { } found)
            {
                report = found;
                loop.Stop();
            }

            _ = Interlocked.Add(ref steps, (long)comparison.Steps);
        });

        output.WriteLine($"{steps} steps compared");
        Assert.True(report is null, report);
        Assert.True(steps > CaseCount * 500, $"seed {seed}: only {steps} steps were compared");
    }
}
