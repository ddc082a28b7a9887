using System;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Prove;
using Culverin.Trace;

namespace Culverin.Harness.Disputes;

/// <summary>The states of a run of the engine. Disposes of its index. For one thread at a time.</summary>
public sealed class EngineTrace : IStateTrace, IDisposable
{
    private readonly TraceIndex _index;
    private readonly ulong _firstStep;

    /// <summary>Takes over an index.</summary>
    public EngineTrace(TraceIndex index)
    {
        _index = index;
        _firstStep = index.Describe().FirstStep;
    }

    /// <inheritdoc/>
    public Task<Bytes32> PrestateAsync(CancellationToken cancellation = default) =>
        Task.Run(() => new Bytes32(_index.HashAt(_firstStep, cancellation)), cancellation);

    /// <inheritdoc/>
    public Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
        Task.Run(() => new Bytes32(_index.HashAt(StepAfter(traceIndex), cancellation)), cancellation);

    /// <inheritdoc/>
    public Task<StepData> StepAsync(UInt128 traceIndex, CancellationToken cancellation = default) =>
        Task.Run(
            () => StepOf(_index.ProofAt(StepAfter(traceIndex) - 1, cancellation)),
            cancellation);

    /// <inheritdoc/>
    public void Dispose() => _index.Dispose();

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
