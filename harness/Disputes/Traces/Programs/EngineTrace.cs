using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;
using Culverin.Prove;
using Culverin.Trace;

namespace Culverin.Harness.Disputes.Traces.Programs;

/// <summary>The states of a run of the engine. Disposes of its index. For one thread at a time.</summary>
public sealed class EngineTrace : IStateTrace, IDisposable
{
    // A solver asks for the same few places of a trace again and again.
    private const int KnownHashesMax = 1 << 14;

    private readonly ITraceIndex _index;
    private readonly Dictionary<ulong, Bytes32> _knownHashes = [];
    private readonly ulong _firstStep;

    /// <summary>Takes over an index.</summary>
    public EngineTrace(ITraceIndex index)
    {
        _index = index;
        _firstStep = index.Describe().FirstStep;
    }

    /// <summary>How far the run is known, in steps.</summary>
    public ulong KnownSteps => _index.Describe().LastStep - _firstStep;

    /// <inheritdoc/>
    public Task<Bytes32> PrestateAsync(CancellationToken cancellation = default) =>
        HashAtAsync(_firstStep, cancellation);

    /// <inheritdoc/>
    public Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
        HashAtAsync(StepAfter(traceIndex), cancellation);

    /// <inheritdoc/>
    public Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
        Task.Run(
            () => StepOf(_index.ProofAt(StepAfter(traceIndex) - 1, cancellation)),
            cancellation);

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

    private async Task<Bytes32> HashAtAsync(ulong step, CancellationToken cancellation)
    {
        if (!_knownHashes.TryGetValue(step, out Bytes32 hash))
        {
            hash = await Task
                .Run(() => new Bytes32(_index.HashAt(step, cancellation)), cancellation)
                .ConfigureAwait(false);
            if (_knownHashes.Count == KnownHashesMax)
            {
                _knownHashes.Clear();
            }

            _knownHashes.Add(step, hash);
        }

        return hash;
    }

    private static StepData StepOf(StepProof proof)
    {
        PreimageNeed? need = proof.Oracle is { } data
            ? new PreimageNeed(new Bytes32(data.Key), data.Value, data.Offset)
            : null;
        return new StepData(proof.StateData, proof.ProofData, need);
    }

    // The index itself extends the trace past the end, so any step far enough will do.
    private ulong StepAfter(UInt128 traceIndex) =>
        traceIndex < ulong.MaxValue - _firstStep ? _firstStep + (ulong)traceIndex + 1 : ulong.MaxValue;
}
