using Culverin.Embed;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Host;
using Culverin.Harness.Values;
using Culverin.Run;
using Culverin.Trace;

namespace Culverin.Harness.Disputes.Traces.Programs;

/// <summary>
/// One run of the fault-proof program, in a folder: its trace, and the pre-images that it reads. A call that
/// is cancelled stops the run, since it may be waiting for a node: then it must be opened again.
/// </summary>
internal sealed class ProgramRun : IStateTrace, IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly EngineTrace _trace;
    private readonly HostOracle _oracle;
    private readonly PreimageStore _store;

    private ProgramRun(
        DisputedClaim claim,
        EngineTrace trace,
        HostOracle oracle,
        PreimageStore store,
        CancellationTokenSource stop)
    {
        Claim = claim;
        _trace = trace;
        _oracle = oracle;
        _store = store;
        _stop = stop;
    }

    /// <summary>What the run decides.</summary>
    internal DisputedClaim Claim { get; }

    /// <summary>Whether it is of no use any more.</summary>
    internal bool IsStopped => _stop.IsCancellationRequested;

    /// <summary>How far the run is known, in steps.</summary>
    internal ulong KnownSteps => _trace.KnownSteps;

    /// <summary>Begins the run in a folder, or goes on with the one that is there.</summary>
    /// <exception cref="CulverinException">As <see cref="IEngine.OpenTrace"/>.</exception>
    internal static ProgramRun Open(
        string folder,
        DisputedClaim claim,
        Func<DisputedClaim, PreimageStore, PreimageFetcher> fetch,
        ProgramOptions options)
    {
        PreimageStore store = new(Path.Combine(folder, "preimages"));
        CancellationTokenSource stop = new();
        HostOracle? oracle = null;
        try
        {
            using IEngineMachine first = options.Engine.LoadState(
                options.PrestatePath, MachineOptions.Default);
            oracle = new HostOracle(claim, store, fetch(claim, store), stop.Token);
            MachineOptions machine = CheckedSource.Connect(oracle);
            string trace = Path.Combine(folder, "trace");
            ITraceIndex index = options.Engine.OpenTrace(trace, first, machine, new TraceOptions
            {
                InputName = claim.ToString(),
                SpacingSteps = options.SpacingSteps,
                DiskBytesMax = options.RunBytesMax,
            });
            return new ProgramRun(claim, new EngineTrace(index), oracle, store, stop);
        }
        catch
        {
            oracle?.Dispose();
            stop.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<Bytes32> PrestateAsync(CancellationToken cancellation = default) =>
        AskAsync(_trace.PrestateAsync, cancellation);

    /// <inheritdoc/>
    public Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
        AskAsync(token => _trace.ClaimAtAsync(traceIndex, token), cancellation);

    /// <inheritdoc/>
    public async Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default)
    {
        StepData step = await AskAsync(token => _trace.StepAsync(traceIndex, token), cancellation)
            .ConfigureAwait(false);
        return step.Preimage is { } need
            ? step with
            {
                Preimage = need with
                {
                    Evidence = await PreimageEvidence
                        .FindAsync(_store, need.Key, cancellation)
                        .ConfigureAwait(false),
                },
            }
            : step;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _trace.Dispose();
        _oracle.Dispose();
        _stop.Dispose();
    }

    private async Task<T> AskAsync<T>(
        Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration stopping = cancellation.Register(_stop.Cancel);
        return await ask(cancellation).ConfigureAwait(false);
    }
}
