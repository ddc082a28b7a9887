using System.Diagnostics;
using Culverin.Embed;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Local;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>
/// Plays scenarios, each on an arena of its own from its beginning. What goes wrong in one is its result,
/// not an exception. May be used from several threads at once; ends its arenas when disposed of.
/// </summary>
public sealed class ScenarioRunner : IAsyncDisposable
{
    private readonly NodePackages _packages;
    private readonly IArenaStarter _arenas;
    private readonly ArenaPool _pool;
    private readonly int _parallelCount;
    private readonly IEngine _engine;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="packages">Where the local nodes and the contracts are.</param>
    /// <param name="parallelCount">How many scenarios <see cref="RunAllAsync"/> plays at once.</param>
    /// <param name="engine">What runs the fault-proof program; the managed engine if null.</param>
    /// <param name="arenas">Where scenarios are played; on classic arenas if null.</param>
    public ScenarioRunner(
        NodePackages packages,
        int parallelCount = 2,
        IEngine? engine = null,
        IArenaStarter? arenas = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelCount, 1);
        _parallelCount = parallelCount;
        _engine = engine ?? ManagedEngine.Instance;
        _packages = packages;
        _arenas = arenas ?? new ClassicArenaStarter();
        _pool = new ArenaPool(_arenas, packages, 2 * parallelCount);
    }

    /// <summary>Plays many, several at once, those first that can share an arena.</summary>
    /// <param name="cases">The scenarios and their variants.</param>
    /// <param name="onResult">Gets each result as it comes, one at a time.</param>
    /// <param name="cancellation">Ends them all.</param>
    public async Task<IReadOnlyList<ScenarioResult>> RunAllAsync(
        IReadOnlyList<(Scenario Scenario, ScenarioVariant Variant)> cases,
        Action<ScenarioResult> onResult,
        CancellationToken cancellation = default)
    {
        List<ScenarioResult> results = [];
        ParallelOptions options = new()
        {
            MaxDegreeOfParallelism = _parallelCount,
            CancellationToken = cancellation,
        };
        await Parallel.ForEachAsync(
            cases.GroupBy(each => each.Scenario.Options(each.Variant)).SelectMany(group => group),
            options,
            async (each, token) =>
            {
                ScenarioResult result =
                    await RunAsync(each.Scenario, each.Variant, token).ConfigureAwait(false);
                lock (results)
                {
                    results.Add(result);
                    onResult(result);
                }
            }).ConfigureAwait(false);
        return results;
    }

    /// <summary>Plays one. Throws only <see cref="OperationCanceledException"/>.</summary>
    public async Task<ScenarioResult> RunAsync(
        Scenario scenario, ScenarioVariant variant, CancellationToken cancellation = default)
    {
        using CancellationTokenSource deadline =
            CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(scenario.Deadline);
        ScenarioResult result = new()
        {
            Scenario = scenario,
            Variant = variant,
            Arena = _arenas.Name,
            Expected = "",
            Got = "",
            Failure = null,
            ExpectationCount = 0,
            Violations = [],
            Ledger = null,
            VmSteps = 0,
            Elapsed = TimeSpan.Zero,
        };
        try
        {
            IArena arena = await _pool
                .TakeAsync(scenario.Options(variant), deadline.Token)
                .ConfigureAwait(false);
            return await PlayAsync(result, arena, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            cancellation.ThrowIfCancellationRequested();
            return Failed(result, scenario, error);
        }
    }

    /// <summary>Ends the arenas.</summary>
    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    // A body is a program of its own: whatever breaks in it is told in its line, and the others go on. An
    // arena in which something broke is not used again.
    private async Task<ScenarioResult> PlayAsync(
        ScenarioResult result, IArena arena, CancellationToken cancellation)
    {
        ScenarioRun run = new(result.Variant, arena, _packages, _engine, cancellation);
        Stopwatch watch = Stopwatch.StartNew();
        L1Ledger? ledger = null;
        Exception? failure = null;
        try
        {
            L1Accountant accountant =
                await L1Accountant.StartAsync(arena, cancellation).ConfigureAwait(false);
            await result.Scenario.Body(run).ConfigureAwait(false);
            watch.Stop();
            ledger = await accountant.CloseAsync(run.Watched, cancellation).ConfigureAwait(false);
            run.Expect("Wei of bonds that are missing", 0, ledger.BondImbalance);
            run.Expect("Wei that are missing", 0, ledger.EtherImbalance);
            run.LedgerChecks.ForEach(check => check(ledger));
            await _pool.ReturnAsync(arena).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            failure = error;
            await arena.DisposeAsync().ConfigureAwait(false);
        }

        result = result with
        {
            Expected = run.Expected ?? "",
            Got = run.Got ?? "",
            ExpectationCount = run.ExpectationCount,
            Violations = run.Violations,
            Ledger = ledger,
            VmSteps = run.VmSteps,
            Elapsed = watch.Elapsed,
        };
        return failure switch
        {
            null => result,
            OperationCanceledException => throw failure,
            _ => Failed(result, result.Scenario, failure),
        };
    }

    private static ScenarioResult Failed(ScenarioResult result, Scenario scenario, Exception error) =>
        error switch
        {
            ExpectationException broken => result with
            {
                Expected = broken.Expected,
                Got = broken.Got,
                Failure = broken.Message,
            },
            OperationCanceledException => result with
            {
                Got = "no end",
                Failure = $"It did not end in {scenario.Deadline.TotalSeconds:0} s.",
            },
            CulverinException => result with { Got = "an error", Failure = error.Message },
            _ => result with { Got = "an error", Failure = $"{error.GetType().Name}: {error.Message}" },
        };
}
