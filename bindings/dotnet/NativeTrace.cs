using Culverin.Abi.Types;
using Culverin.Prove;
using Culverin.Trace;

namespace Culverin.Native;

/// <summary>A trace index of the library's.</summary>
internal sealed unsafe class NativeTrace : ITraceIndex
{
    // SAFETY: addresses handed to the library are of locals or pinned, and live during the call.
    private const int HashSizeBytes = 32;

    private readonly NativeHandle _handle;
    private volatile NativeRun? _run;

    /// <summary>Takes a handle over.</summary>
    public NativeTrace(NativeHandle handle) => _handle = handle;

    /// <inheritdoc/>
    public void Build(
        ulong? untilStep = null,
        IProgress<TraceProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        if (untilStep == 0)
        {
            return;
        }

        Action<ulong, int>? report = progress is null
            ? null
            : (step, pages) => progress.Report(new TraceProgress(
                step, pages, 0));
        Call(report, (trace, run) =>
        {
            Limits limits = run.Complete(new Limits { UntilStep = untilStep ?? 0 });
            return NativeMethods.TraceBuild(trace, &limits);
        }, cancellation);
    }

    /// <inheritdoc/>
    public byte[] HashAt(ulong step, CancellationToken cancellation = default)
    {
        byte[] hash = new byte[HashSizeBytes];
        fixed (byte* bytes = hash)
        {
            byte* place = bytes;
            Call(null, (trace, run) =>
                NativeMethods.TraceHash(trace, place, step, run.Token), cancellation);
        }

        return hash;
    }

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> HashesAt(
        IReadOnlyList<ulong> steps, CancellationToken cancellation = default)
    {
        ulong[] asked = [.. steps];
        byte[] hashes = new byte[asked.Length * HashSizeBytes];
        fixed (ulong* first = asked)
        {
            fixed (byte* bytes = hashes)
            {
                ulong* source = first;
                byte* place = bytes;
                Call(null, (trace, run) => NativeMethods.TraceHashes(
                    trace, place, source, (nuint)asked.Length, run.Token), cancellation);
            }
        }

        return [.. hashes.Chunk(HashSizeBytes)];
    }

    /// <inheritdoc/>
    public StepProof ProofAt(ulong step, CancellationToken cancellation = default)
    {
        ProofHandle* proof;
        ProofHandle** place = &proof;
        Call(null, (trace, run) =>
            NativeMethods.TraceProof(trace, place, step, run.Token), cancellation);
        return NativeProof.Take(proof);
    }

    /// <inheritdoc/>
    public Trace.TraceEnd Final(CancellationToken cancellation = default)
    {
        Abi.Types.TraceEnd end;
        end.StructSize = (nuint)sizeof(Abi.Types.TraceEnd);
        Abi.Types.TraceEnd* place = &end;
        nuint length = 0;
        nuint* lengthPlace = &length;
        Call(null, (trace, run) =>
        {
            Status status = NativeMethods.TraceFinal(trace, place, run.Token);
            return status != Status.Ok
                ? status
                : Asked(NativeMethods.TraceFinalWitness(trace, null, 0, lengthPlace, run.Token));
        }, cancellation);
        byte[] witness = new byte[length];
        fixed (byte* bytes = witness)
        {
            byte* buffer = bytes;
            Call(null, (trace, run) => NativeMethods.TraceFinalWitness(
                trace, buffer, (nuint)witness.Length, lengthPlace, run.Token), cancellation);
        }

        return new Trace.TraceEnd(
            end.Step,
            (byte)end.ExitCode,
            new ReadOnlySpan<byte>(end.StateHash, HashSizeBytes).ToArray(),
            witness);
    }

    /// <inheritdoc/>
    public Trace.TraceSummary Describe()
    {
        Abi.Types.TraceSummary known;
        known.StructSize = (nuint)sizeof(Abi.Types.TraceSummary);
        Abi.Types.TraceSummary* place = &known;
        _handle.Call(trace => NativeMethods.TraceDescribe((TraceHandle*)trace, place));
        return new Trace.TraceSummary(
            known.FirstStep,
            known.LastStep,
            known.Finished != 0,
            (int)known.CheckpointCount,
            (int)known.ProbeCount,
            known.SpacingSteps,
            (long)known.DiskBytes,
            (int)known.PreimageCount);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _run?.Cancel();
        _handle.Dispose();
    }

    private delegate Status TraceCall(TraceHandle* trace, NativeRun run);

    private static Status Asked(Status status) => status == Status.BufferTooSmall ? Status.Ok : status;

    private void Call(Action<ulong, int>? report, TraceCall call, CancellationToken cancellation)
    {
        using var run = new NativeRun(cancellation, report);
        _run = run;
        try
        {
            _handle.Call(trace =>
            {
                Status status = call((TraceHandle*)trace, run);
                run.Rethrow();
                return status;
            });
        }
        finally
        {
            _run = null;
        }
    }
}
