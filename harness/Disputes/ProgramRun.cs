using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Embed;
using Culverin.Harness.Chain;
using Culverin.Harness.Host;
using Culverin.Oracle;
using Culverin.Trace;

namespace Culverin.Harness.Disputes;

/// <summary>
/// One run of the fault-proof program, in a folder: its trace, and the pre-images that it reads. A call that
/// is cancelled stops the run, since it may be waiting for a node: then it must be opened again.
/// </summary>
internal sealed class ProgramRun : IStateTrace, IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly EngineTrace _trace;

    private ProgramRun(DisputedClaim claim, EngineTrace trace, CancellationTokenSource stop)
    {
        Claim = claim;
        _trace = trace;
        _stop = stop;
    }

    /// <summary>What the run decides.</summary>
    internal DisputedClaim Claim { get; }

    /// <summary>Whether it is of no use any more.</summary>
    internal bool IsStopped => _stop.IsCancellationRequested;

    /// <summary>How far the run is known, in steps.</summary>
    internal ulong KnownSteps => _trace.KnownSteps;

    /// <summary>Begins the run in a folder, or goes on with the one that is there.</summary>
    /// <exception cref="CulverinException">As <see cref="TraceIndex.Create"/>.</exception>
    internal static ProgramRun Open(
        string folder,
        DisputedClaim claim,
        Func<DisputedClaim, PreimageStore, PreimageFetcher> fetch,
        ProgramOptions options)
    {
        PreimageStore store = new(Path.Combine(folder, "preimages"));
        CancellationTokenSource stop = new();
        try
        {
            using IEngineMachine first = options.Engine.LoadState(
                options.PrestatePath, EngineSettings.Default);
            EngineSettings settings = new()
            {
                Preimages = new PreimageSource
                {
                    Oracle = new HostOracle(claim, store, fetch(claim, store), stop.Token),

                    // The store compares what it takes in with its key.
                    Options = OracleOptions.Default with { VerifyHashes = false },
                },
            };
            string trace = Path.Combine(folder, "trace");
            ITraceIndex index = options.Engine.OpenTrace(trace, first, settings, new TraceOptions
            {
                InputName = claim.ToString(),
                SpacingSteps = options.SpacingSteps,
                DiskBytesMax = options.RunBytesMax,
            });
            return new ProgramRun(claim, new EngineTrace(index), stop);
        }
        catch
        {
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
    public Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
        AskAsync(token => _trace.StepAsync(traceIndex, token), cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        _trace.Dispose();
        _stop.Dispose();
    }

    private async Task<T> AskAsync<T>(
        Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        await using CancellationTokenRegistration stopping = cancellation.Register(_stop.Cancel);
        return await ask(cancellation).ConfigureAwait(false);
    }
}
