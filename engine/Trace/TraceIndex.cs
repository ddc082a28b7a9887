using Culverin.Oracle;
using Culverin.Prove;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Trace;

/// <summary>The trace index of this runtime.</summary>
internal sealed partial class TraceIndex : ITraceIndex
{
    private readonly TraceOracle _oracle;
    private TraceRun? _run;

    private TraceIndex(CheckpointStore store, TraceOptions options)
    {
        Store = store;
        Options = options;
        _oracle = new TraceOracle(store.Folder, options.Source);
    }

    /// <summary>The version's rules.</summary>
    public FeatureSet Features => FeatureSet.Of(First().Header.Version);

    /// <summary>Where pre-images of this trace come from; machines of the caller may use it too.</summary>
    public IPreimageOracle Oracle => _oracle;

    internal Lock Gate { get; } = new();

    internal CheckpointStore Store { get; }

    internal TraceOptions Options { get; }

    /// <summary>
    /// Begins an index in a folder, or opens the one that is there for this state and input.
    /// </summary>
    /// <param name="folder">The folder; made if need be.</param>
    /// <param name="first">The first state, not yet run; it stays the caller's and unchanged.</param>
    /// <param name="options">How.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, also when another process uses the folder;
    /// <see cref="ErrorCode.InvalidArgument"/> when it holds another trace.
    /// </exception>
    public static TraceIndex Create(string folder, MachineImage first, TraceOptions options)
    {
        CheckpointStore store = CheckpointStore.Open(folder, options);
        try
        {
            FirstState.Ensure(store, first, options.InputName);
            store.Spacing.Leave();
            return new TraceIndex(store, options);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Opens an index that is there, whatever its first state is.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, also when another process uses the folder; <see
    /// cref="ErrorCode.InvalidArgument"/> when it is of another input; <see cref="ErrorCode.InvalidState"/>
    /// when its first state is missing or damaged.
    /// </exception>
    public static TraceIndex Open(string folder, TraceOptions options)
    {
        if (!CheckpointStore.IsTrace(folder))
        {
            throw FolderLock.WasTaken(folder)
                ? CheckpointStore.WithoutFirst(folder)
                : new CulverinException(ErrorCode.FileAccess, $"There is no trace in \"{folder}\".");
        }

        CheckpointStore store = CheckpointStore.Open(folder, options);
        try
        {
            FirstState.RequireInput(store, store.Nearest(0)[0], options.InputName);
            return new TraceIndex(store, options);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Build(
        ulong? untilStep = null,
        IProgress<TraceProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        Store.RequireExtensible(untilStep ?? ulong.MaxValue);
        Store.Spacing.Leave();
        _ = RunTo(untilStep ?? ulong.MaxValue, progress, cancellation);
        _oracle.FinishRecording();
        if (untilStep is null)
        {
            _run!.RequireEnd();
        }
    }

    /// <inheritdoc/>
    public byte[] HashAt(ulong step, CancellationToken cancellation = default) =>
        RunTo(step, null, cancellation).StateHash();

    /// <inheritdoc/>
    public IReadOnlyList<byte[]> HashesAt(
        IReadOnlyList<ulong> steps, CancellationToken cancellation = default)
    {
        ulong[] ascending = [.. steps.Distinct().Order()];
        var hashes = new Dictionary<ulong, byte[]>();
        ulong known = Store.Last.Step;
        int knownCount = ascending.Count(step => step <= known);
        int parts = Math.Min(Options.Parallelism, knownCount);
        if (parts > 1)
        {
            HashSideBySide(ascending.AsMemory(0, knownCount), parts, hashes, cancellation);
            ascending = ascending[knownCount..];
        }

        foreach (ulong step in ascending)
        {
            hashes[step] = HashAt(step, cancellation);
        }

        return [.. steps.Select(step => hashes[step])];
    }

    /// <inheritdoc/>
    public StepProof ProofAt(ulong step, CancellationToken cancellation = default)
    {
        Machine machine = RunTo(step, null, cancellation);
        StepProof proof = machine.Exited ? ExtensionOf(machine) : machine.Prove();

        // A machine that has proven leaves traces of it in its next proof, as the reference's does.
        Leave();
        new StepVerifier(Features.Version).Verify(proof);
        return proof;
    }

    /// <inheritdoc/>
    public TraceEnd Final(CancellationToken cancellation = default)
    {
        Machine machine = RunTo(ulong.MaxValue, null, cancellation);
        _run!.RequireEnd();
        return new TraceEnd(machine.Step, machine.ExitCode, machine.StateHash(), machine.Witness());
    }

    /// <inheritdoc/>
    public TraceSummary Describe() => new(
        First().Step,
        Store.Last.Step,
        Store.Last.HasExited,
        Store.Count,
        Store.ProbeCount,
        Store.SpacingSteps,
        Store.DiskBytes,
        _oracle.PreimageCount);

    /// <summary>
    /// A machine at the last checkpoint not after a step, for the caller to run; it leaves checkpoints.
    /// </summary>
    /// <param name="step">Where the caller wants to be; not before the first state.</param>
    /// <param name="machine">Output and symbols; the oracle is the index's own.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidState"/> and its kin.</exception>
    public TraceRun RunNear(ulong step, MachineOptions machine)
    {
        RequireReached(step);
        Repair(CancellationToken.None);
        return Start(step, machine, leavesCheckpoints: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Leave();
        _oracle.Dispose();
        Store.Dispose();
    }

    private static StepProof ExtensionOf(Machine machine) => new()
    {
        Step = machine.Step,
        PreHash = machine.StateHash(),
        PostHash = machine.StateHash(),
        StateData = machine.Witness(),
        ProofData = new byte[ProofLayout.SizeBytes(machine.Features)],
    };

    private Checkpoint First() => Store.Nearest(0)[0];

    private void Leave()
    {
        _run?.Dispose();
        _run = null;
    }

    private void RequireReached(ulong step)
    {
        if (step < First().Step)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"The trace begins at step {First().Step}; there is no step {step} in it.");
        }
    }

    private Machine RunTo(ulong step, IProgress<TraceProgress>? progress, CancellationToken cancellation)
    {
        RequireReached(step);
        Repair(cancellation);
        TraceRun run = RunBefore(step);
        run.AdvanceTo(step, progress ?? Options.Progress, cancellation);
        Repair(cancellation);
        return run.Machine;
    }

    /// <summary>
    /// The machine of the last query if it is on the way, else one from the nearest checkpoint.
    /// </summary>
    private TraceRun RunBefore(ulong step)
    {
        if (_run is { } run && TryApproach(run, step))
        {
            return run;
        }

        Leave();
        _run = Start(step, Options.Machine, leavesCheckpoints: true);
        return _run;
    }

    private bool TryApproach(TraceRun run, ulong step)
    {
        lock (Gate)
        {
            IReadOnlyList<Checkpoint> nearest = Store.Nearest(step);
            return run.IsNear(step, nearest[0].Step) || TryRewind(run, nearest);
        }
    }

    private static bool TryRewind(TraceRun run, IReadOnlyList<Checkpoint> to)
    {
        try
        {
            run.Rewind(to);
            return true;
        }
        catch (CulverinException error)
            when (error.Code is ErrorCode.InvalidState or ErrorCode.FileAccess or ErrorCode.LimitExceeded)
        {
            // A machine made anew finds out which file is damaged.
            return false;
        }
    }

    private TraceRun Start(ulong step, MachineOptions machine, bool leavesCheckpoints)
    {
        while (true)
        {
            IReadOnlyList<Checkpoint> chain;
            MachineImage image;
            lock (Gate)
            {
                chain = Store.Nearest(step);
                Checkpoint? damaged = null;
                try
                {
                    image = CheckpointReader.Read(chain, out damaged);
                }
                catch (CulverinException error) when (damaged is not null
                    && error.Code is ErrorCode.InvalidState or ErrorCode.FileAccess)
                {
                    Store.Discard(damaged!);
                    continue;
                }
            }

            image.Memory.PageLimit = PageLimit.OfBytes(Options.MemoryBytesMax);
            return new TraceRun(
                this,
                Machine.Create(image, machine with { Oracle = _oracle }),
                chain,
                leavesCheckpoints && !Store.IsReadOnly);
        }
    }

    /// <summary>Makes again what was found damaged.</summary>
    private void Repair(CancellationToken cancellation)
    {
        while (Store.Lost.Count > 0 && !Store.IsReadOnly)
        {
            (ulong step, ulong ordinal) = Store.Lost.First();
            using TraceRun run = Start(step, Options.Machine with { Output = null }, leavesCheckpoints: true);
            try
            {
                _ = run.Machine.Run(new RunLimits { UntilStep = step, Cancellation = cancellation });
            }
            catch (CulverinException error) when (error.Code is not ErrorCode.Cancelled)
            {
                Store.GiveUp(step);
                continue;
            }

            if (run.Machine.Step == step && !Store.Has(step))
            {
                run.Capture(ordinal);
                run.Flush();
            }
            else
            {
                Store.GiveUp(step);
            }
        }
    }

    private void HashSideBySide(
        ReadOnlyMemory<ulong> ascending,
        int parts,
        Dictionary<ulong, byte[]> hashes,
        CancellationToken cancellation)
    {
        _oracle.FinishRecording();
        var options = new ParallelOptions { MaxDegreeOfParallelism = parts };
        try
        {
            _ = Parallel.For(0, parts, options, part =>
            {
                int start = (int)((long)ascending.Length * part / parts);
                int end = (int)((long)ascending.Length * (part + 1) / parts);
                HashInOrder(ascending[start..end].Span, hashes, cancellation);
            });
        }
        catch (AggregateException error) when (error.InnerException is CulverinException first)
        {
            throw new CulverinException(first.Code, first.Message, first);
        }
    }

    private void HashInOrder(
        ReadOnlySpan<ulong> ascending, Dictionary<ulong, byte[]> hashes, CancellationToken cancellation)
    {
        TraceRun? run = null;
        try
        {
            foreach (ulong step in ascending)
            {
                RequireReached(step);
                if (run is null || !TryApproach(run, step))
                {
                    run?.Dispose();
                    run = Start(step, Options.Machine with { Output = null }, leavesCheckpoints: false);
                }

                run.AdvanceTo(step, Options.Progress, cancellation);
                byte[] hash = run.Machine.StateHash();
                lock (Gate)
                {
                    hashes[step] = hash;
                }
            }
        }
        finally
        {
            run?.Dispose();
        }
    }
}
