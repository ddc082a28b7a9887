using System.Diagnostics;
using Culverin.Run;

namespace Culverin.Trace;

/// <summary>
/// A machine on its way along a trace. Whoever drives it stops at <see cref="NextStep"/> and calls
/// <see cref="TakeCheckpoint"/> there, and <see cref="Finish"/> at the end, so that the index grows with the
/// run.
/// </summary>
/// <remarks>One thread at a time; disposing it disposes the machine. The index must outlive it.</remarks>
internal sealed class TraceRun : IDisposable
{
    /// <summary>
    /// A run that stops before its next checkpoint is due leaves one if it has done one part in so many of
    /// the way.
    /// </summary>
    private const ulong EarlyPart = 4;

    /// <summary>Steps between two reports of progress, at the least and at the most.</summary>
    private const ulong SliceMinSteps = 1UL << 20;
    private const ulong SliceMaxSteps = 1UL << 28;
    private static readonly TimeSpan SliceTime = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate;
    private readonly CheckpointStore _store;
    private readonly TraceOptions _options;
    private readonly CheckpointWriter? _writer;
    private IReadOnlyList<Checkpoint> _start;

    internal TraceRun(
        TraceIndex index, Machine machine, IReadOnlyList<Checkpoint> start, bool leavesCheckpoints)
    {
        _gate = index.Gate;
        _store = index.Store;
        _options = index.Options;
        _start = start;
        Machine = machine;
        _writer = leavesCheckpoints ? new CheckpointWriter(index.Store) : null;
        NextStep = leavesCheckpoints ? Later(Math.Max(machine.Step, _store.Last.Step)) : ulong.MaxValue;
    }

    /// <summary>The machine; run it, but do not dispose it.</summary>
    public Machine Machine { get; }

    /// <summary>The step at which the next checkpoint is due.</summary>
    public ulong NextStep { get; private set; }

    /// <summary>Leaves a checkpoint if one is due and the one before is written.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void TakeCheckpoint()
    {
        lock (_gate)
        {
            if (_writer is { IsBusy: false } && Machine.Step > _store.Last.Step)
            {
                Capture(NextOrdinal());
            }

            NextStep = Later(Machine.Step);
        }
    }

    /// <summary>
    /// Leaves a checkpoint where the run ends, if it went far for it, and waits for the disk.
    /// </summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void Finish()
    {
        if (_writer is null)
        {
            return;
        }

        lock (_gate)
        {
            ulong step = Machine.Step;
            ulong last = _store.Last.Step;
            if (step > last && (Machine.Exited || step - last >= _store.SpacingSteps / EarlyPart))
            {
                Capture(NextOrdinal());
                NextStep = Later(step);
            }
            else if (step > _start[0].Step
                && step - _start[0].Step >= _options.ProbeSteps
                && !_store.Has(step))
            {
                Capture(ordinal: 0);
            }

            _writer.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        Machine.Dispose();
    }

    /// <summary>Runs to a step or the guest's end, leaving checkpoints on the way.</summary>
    internal void AdvanceTo(ulong step, IProgress<TraceProgress>? progress, CancellationToken cancellation)
    {
        try
        {
            ulong sliceSteps = progress is null ? SliceMaxSteps : SliceMinSteps;
            while (!Machine.Exited && Machine.Step < step)
            {
                long start = Stopwatch.GetTimestamp();
                ulong slice = sliceSteps < step - Machine.Step ? Machine.Step + sliceSteps : step;
                _ = Machine.Run(new RunLimits
                {
                    UntilStep = Math.Min(slice, Math.Max(NextStep, Machine.Step + 1)),
                    Cancellation = cancellation,
                });
                if (Machine.Step >= NextStep)
                {
                    TakeCheckpoint();
                }

                if (sliceSteps < SliceMaxSteps && Stopwatch.GetElapsedTime(start) < SliceTime)
                {
                    sliceSteps *= 2;
                }

                progress?.Report(new TraceProgress(Machine.Step, Machine.PageCount, _store.Count));
            }
        }
        catch (CulverinException)
        {
            // What ended the run says more than what may go wrong with one checkpoint more.
            TryFinish();
            throw;
        }

        Finish();
    }

    /// <summary>Whether a step is better reached from here than from a checkpoint.</summary>
    internal bool IsNear(ulong step, ulong checkpointStep) =>
        Machine.Step <= step
            && (checkpointStep <= Machine.Step || checkpointStep - Machine.Step < _options.ProbeSteps);

    /// <summary>Takes the machine to another checkpoint.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/> for a damaged file; the run is then of no use any more.
    /// </exception>
    internal void Rewind(IReadOnlyList<Checkpoint> to)
    {
        Machine.Adopt(CheckpointReader.Rewind(Machine.Image, _start, to));
        _start = to;
        NextStep = _writer is null ? ulong.MaxValue : Later(Math.Max(Machine.Step, _store.Last.Step));
    }

    /// <summary>Leaves a checkpoint of this place along the trace; 0 for a query's.</summary>
    internal void Capture(ulong ordinal) => _start = _writer!.Write(Machine.Image, _start, ordinal);

    /// <summary>Refuses to take for an end what is only the end of the step counter.</summary>
    internal void RequireEnd()
    {
        if (!Machine.Exited)
        {
            throw new CulverinException(
                ErrorCode.LimitExceeded,
                $"The guest has not ended at step {Machine.Step}, the last that a trace can have.");
        }
    }

    internal void Flush() => _writer?.Flush();

    private void TryFinish()
    {
        try
        {
            Finish();
        }
        catch (CulverinException error) when (error.Code == ErrorCode.FileAccess)
        {
            // The index stays as it was.
        }
    }

    private ulong Later(ulong step)
    {
        ulong spacing = Math.Max(1, _store.SpacingSteps);
        return spacing > ulong.MaxValue - step ? ulong.MaxValue : step + spacing;
    }

    private ulong NextOrdinal()
    {
        ulong unit = _store.Unit;
        return ((_store.Last.Header.Ordinal / unit) + 1) * unit;
    }
}
