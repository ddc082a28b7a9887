using System.Diagnostics;
using Culverin.Tests.Shared.Engines;
using Culverin.Versions;

namespace Culverin.Fuzz;

/// <summary>Looks for a case in which the engines differ, on all processors.</summary>
internal sealed class Search
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(30);

    private readonly Stopwatch _time = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private readonly HashSet<string> _underWay = [];
    private TimeSpan _lastReport;
    private long _cases;
    private ulong _steps;
    private bool _hasFound;

    /// <summary>Seed of the first case; the following cases have the following numbers.</summary>
    public required int FirstSeed { get; init; }

    /// <summary>The only version to run; null for all in turn.</summary>
    public required int? Version { get; init; }

    /// <summary>Most cases.</summary>
    public required int CaseCount { get; init; }

    /// <summary>After which no case begins.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>A file that lists, one a line, the commands that run the cases under way.</summary>
    public required string UnderWayPath { get; init; }

    /// <summary>Runs cases until one differs, or the end.</summary>
    /// <param name="output">Takes reports.</param>
    /// <returns>Whether engines differed.</returns>
    public bool Run(TextWriter output)
    {
        output.WriteLine($"first seed {FirstSeed}");
        var everyProcessor = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        _ = Parallel.ForEach(Enumerable.Range(0, CaseCount), everyProcessor, (index, loop) =>
        {
            if (_time.Elapsed > Duration)
            {
                loop.Stop();
                return;
            }

            var drawn = new EngineCase(unchecked(FirstSeed + index), VersionOf(index));
            Note(() => _underWay.Add(drawn.Command));
            var comparison = new EngineComparison(drawn);
            string? difference = comparison.Run();
            Note(() => _underWay.Remove(drawn.Command));
            lock (_lock)
            {
                Count(comparison.Steps, difference, output);
            }

            if (difference is not null)
            {
                loop.Stop();
            }
        });

        output.WriteLine(Progress());
        return _hasFound;
    }

    // Generated code that is wrong can end the process: then the file tells which cases to look at.
    private void Note(Func<bool> change)
    {
        lock (_lock)
        {
            _ = change();
            string next = UnderWayPath + ".next";
            File.WriteAllLines(next, _underWay);
            File.Move(next, UnderWayPath, overwrite: true);
        }
    }

    private void Count(ulong steps, string? difference, TextWriter output)
    {
        _cases++;
        _steps += steps;
        if (difference is not null)
        {
            _hasFound = true;
            output.WriteLine(difference);
        }
        else if (_time.Elapsed - _lastReport > ReportInterval)
        {
            _lastReport = _time.Elapsed;
            output.WriteLine(Progress());
        }
    }

    private string Progress() =>
        $"{_time.Elapsed:hh\\:mm\\:ss}: {_cases} cases, {_steps} steps, "
            + (_hasFound ? "one differs" : "all equal");

    private StateVersion VersionOf(int index) => Version is { } version
        ? (StateVersion)version
        : FeatureSet.All[index % FeatureSet.All.Count].Version;
}
