using Culverin.Cli.Files;
using Culverin.Cli.Output;
using Culverin.Files;
using Culverin.Oracle;
using Culverin.Run;
using Culverin.State;
using Culverin.Trace;
using Culverin.Versions;

namespace Culverin.Cli.Commands.Run;

/// <summary>
/// The trace index that `run` keeps beside the folder of snapshots when it is called as op-challenger calls
/// it: for the proof of one step after another, with the same first state, the same server and the same
/// folder. It starts from the nearest checkpoint instead of the input, and needs no server for what it has
/// seen before; the files it writes are those of a run from the input.
/// </summary>
internal sealed class RunIndex : IDisposable
{
    private const string FolderName = "culverin-trace";
    private const string KnownFilesName = "files.txt";

    private readonly TraceIndex _index;
    private readonly KnownFiles _files;
    private readonly Log _log;
    private TraceRun? _run;
    private bool _leavesCheckpoints = true;

    private RunIndex(TraceIndex index, KnownFiles files, Log log)
    {
        _index = index;
        _files = files;
        _log = log;
    }

    /// <summary>The rules of the trace's version.</summary>
    public FeatureSet Features => _index.Features;

    /// <summary>Pre-images: the recorded ones, and the server's.</summary>
    public IPreimageOracle Oracle => _index.Oracle;

    /// <summary>The step at which <see cref="TakeCheckpoint"/> is due.</summary>
    public ulong NextStep => _leavesCheckpoints && _run is { } run ? run.NextStep : ulong.MaxValue;

    /// <summary>The folder of a run's index; null when the run is of another kind.</summary>
    public static string? FolderOf(RunSettings settings)
    {
        if (!IsAskedStepByStep(settings))
        {
            return null;
        }

        string snapshots = Path.GetDirectoryName(Path.GetFullPath(settings.SnapshotFormat.Expand(0)))!;
        return Path.Combine(Path.GetDirectoryName(snapshots) ?? snapshots, FolderName);
    }

    /// <summary>Opens the index of such a run, or begins one.</summary>
    /// <param name="settings">What the run is to do.</param>
    /// <param name="source">Starts the server.</param>
    /// <param name="log">Where it is told why there is no index.</param>
    /// <returns>Null when the run is of another kind or the index cannot be used now.</returns>
    public static RunIndex? TryOpen(RunSettings settings, Func<IPreimageOracle> source, Log log)
    {
        if (FolderOf(settings) is not { } folder)
        {
            return null;
        }

        var options = new TraceOptions
        {
            Source = settings.Oracle.ServerCommand.Count > 0 ? source : null,
            InputName = string.Join('\0', settings.Oracle.ServerCommand),
            DiskBytesMax = settings.TraceDiskBytes,
            MemoryBytesMax = settings.MemoryBytesMax,
        };
        try
        {
            var files = new KnownFiles(Path.Combine(folder, KnownFilesName));
            if (files.StepOf(settings.InputPath) is not null)
            {
                return new RunIndex(TraceIndex.Open(folder, options), files, log);
            }

            using MachineImage image = StateFile.Read(settings.InputPath);
            TraceIndex index = TraceIndex.Create(folder, image, options);
            try
            {
                files.Add(settings.InputPath, index.Describe().FirstStep);
            }
            catch
            {
                index.Dispose();
                throw;
            }

            return new RunIndex(index, files, log);
        }
        catch (CulverinException error)
        {
            log.Info("Running without the trace index", ("module", "vm"), ("reason", error.Message));
            return null;
        }
    }

    /// <summary>
    /// A machine as near as possible before the first step that the run has to do something at, but not
    /// before the input's step.
    /// </summary>
    public Machine Start(RunSettings settings, MachineOptions options)
    {
        ulong inputStep = _files.StepOf(settings.InputPath) ?? _index.Describe().FirstStep;
        _run = _index.RunNear(FirstStepToAct(settings, inputStep), options);
        Machine machine = _run.Machine;
        _log.Info(
            "Starting from the trace index", ("module", "vm"), ("step", machine.Step), ("input", inputStep));
        if (machine.Step < inputStep)
        {
            _ = machine.Run(new RunLimits { UntilStep = inputStep });
        }

        return machine;
    }

    /// <summary>Whether the snapshot of a step is there already.</summary>
    public bool HasSnapshot(string path, ulong step) => _files.StepOf(path) == step;

    /// <summary>
    /// Notes a snapshot that has just been written, for runs that start from it. The index ends where the
    /// step counter starts again, so it knows nothing of snapshots behind that.
    /// </summary>
    public void AddSnapshot(string path, ulong step)
    {
        if (step >= _index.Describe().FirstStep)
        {
            Try(() => _files.Add(path, step));
        }
    }

    /// <summary>Leaves a checkpoint.</summary>
    public void TakeCheckpoint() => Try(() => _run!.TakeCheckpoint());

    /// <summary>Leaves a last checkpoint.</summary>
    public void Finish() => Try(() => _run!.Finish());

    public void Dispose()
    {
        _run?.Dispose();
        _index.Dispose();
    }

    private static bool IsAskedStepByStep(RunSettings settings) =>
        settings.TraceDiskBytes > 0
            && settings.InputPath != FileNameFormat.StandardOutput
            && settings.SnapshotAt.IsRepeating
            && settings.SnapshotFormat.HasStep
            && !string.IsNullOrEmpty(Path.GetDirectoryName(settings.SnapshotFormat.Expand(0)))
            && !settings.ProofAt.IsNever
            && !settings.ProofAt.IsRepeating
            && settings.HashAt.IsNever
            && !settings.PreimageStop.IsActive
            && settings.ErrorSnapshot is null
            && settings.Oracle.FolderPath.Length == 0
            && settings.Oracle.ReplayPath.Length == 0
            && settings.Oracle.RecordPath.Length == 0;

    /// <summary>The first step with a proof, a stop or a snapshot that is not there yet.</summary>
    private ulong FirstStepToAct(RunSettings settings, ulong inputStep)
    {
        ulong first = Math.Min(
            settings.ProofAt.NextAtOrAfter(inputStep) ?? ulong.MaxValue,
            settings.StopAt.NextAtOrAfter(inputStep) ?? ulong.MaxValue);
        ulong? snapshot = settings.SnapshotAt.NextAtOrAfter(inputStep);
        while (snapshot is { } step
            && step < first
            && HasSnapshot(settings.SnapshotFormat.Expand(step), step))
        {
            snapshot = step == ulong.MaxValue ? null : settings.SnapshotAt.NextAtOrAfter(step + 1);
        }

        // Where the guest ends before, no snapshot comes either.
        bool isPastTheEnd = _index.Describe() is { IsFinished: true } known && snapshot >= known.LastStep;
        return Math.Min(first, isPastTheEnd ? ulong.MaxValue : snapshot ?? ulong.MaxValue);
    }

    /// <summary>The index only makes later runs faster: when the disk is full, this one goes on.</summary>
    private void Try(Action act)
    {
        if (!_leavesCheckpoints)
        {
            return;
        }

        try
        {
            act();
        }
        catch (CulverinException error) when (error.Code is ErrorCode.FileAccess or ErrorCode.InvalidState)
        {
            _leavesCheckpoints = false;
            _log.Warn("The trace index is not kept up", ("module", "vm"), ("reason", error.Message));
        }
    }
}
