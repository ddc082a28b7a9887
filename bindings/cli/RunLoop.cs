using System;
using System.Threading;

namespace Culverin.Cli;

/// <summary>
/// Drives a machine from one interesting step to the next: at each, in the reference's order, progress is
/// logged, the run may stop, a snapshot and a proof are written. Between them the machine runs undisturbed.
/// </summary>
internal sealed class RunLoop
{
    private readonly RunSettings _settings;
    private readonly Machine _machine;
    private readonly RunActions _actions;
    private readonly ProgressDisplay _progress;
    private readonly RunIndex? _index;
    private readonly CancellationToken _cancellation;

    public RunLoop(
        RunSettings settings,
        Machine machine,
        RunActions actions,
        ProgressDisplay progress,
        RunIndex? index,
        CancellationToken cancellation)
    {
        _index = index;
        _settings = settings;
        _machine = machine;
        _actions = actions;
        _progress = progress;
        _cancellation = cancellation;
    }

    /// <summary>Runs to the end, or until a flag or a signal stops the machine between steps.</summary>
    /// <exception cref="CulverinException">A step or a file failed.</exception>
    public RunOutcome Run()
    {
        try
        {
            RunOutcome outcome = RunToEnd();
            if (outcome == RunOutcome.Exited && _settings.HashAt.Matches(_machine.Step))
            {
                _actions.PrintHash();
            }

            return outcome;
        }
        catch (CulverinException error) when (error.Code == ErrorCode.Cancelled)
        {
            return RunOutcome.Interrupted;
        }
    }

    private RunOutcome RunToEnd()
    {
        while (!_machine.Exited)
        {
            if (_cancellation.IsCancellationRequested)
            {
                return RunOutcome.Interrupted;
            }

            ulong step = _machine.Step;
            if (_index is not null && step >= _index.NextStep)
            {
                _index.TakeCheckpoint();
            }

            if (ActBefore(step))
            {
                return RunOutcome.StopAt;
            }

            if (_settings.ProofAt.Matches(step))
            {
                _actions.WriteProof();
            }
            else
            {
                Advance(step);
            }

            if (_settings.PreimageStop.IsActive
                && _machine.LastPreimageRead is { } read
                && _settings.PreimageStop.Matches(read, _machine.Step - 1))
            {
                _actions.LogPreimageStop(read, _machine.Step - 1);
                return RunOutcome.PreimageRead;
            }
        }

        return RunOutcome.Exited;
    }

    /// <summary>Does what is to be done before a step; true to stop there.</summary>
    private bool ActBefore(ulong step)
    {
        if (_settings.InfoAt.Matches(step))
        {
            _actions.LogProgress();
        }

        if (_settings.HashAt.Matches(step))
        {
            _actions.PrintHash();
        }

        if (_settings.StopAt.Matches(step))
        {
            _actions.LogStopAt();
            return true;
        }

        if (_settings.SnapshotAt.Matches(step))
        {
            _actions.WriteSnapshot();
        }

        return false;
    }

    /// <summary>Executes the steps up to the next that a pattern names, at least one.</summary>
    private void Advance(ulong step)
    {
        ulong target = NextInteresting(step + 1);
        while (!_machine.Exited && _machine.Step < target)
        {
            ulong until = Math.Min(target, _progress.NextLook(_machine.Step));
            StopReason reason = _machine.Run(new RunLimits
            {
                UntilStep = until,
                StopAfterPreimageRead = _settings.PreimageStop.IsActive,
                Cancellation = _cancellation,
            });
            _progress.Show(_machine);
            if (reason == StopReason.PreimageRead)
            {
                return;
            }
        }
    }

    private ulong NextInteresting(ulong step)
    {
        ulong next = Math.Max(step, _index?.NextStep ?? ulong.MaxValue);
        foreach (StepPattern pattern in (ReadOnlySpan<StepPattern>)
            [_settings.InfoAt, _settings.StopAt, _settings.SnapshotAt, _settings.ProofAt, _settings.HashAt])
        {
            next = Math.Min(next, pattern.NextAtOrAfter(step) ?? ulong.MaxValue);
        }

        return next;
    }
}
