using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Run;

namespace Culverin.Cli.Commands.Run;

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
                && _settings.PreimageStop.Matches(read, unchecked(_machine.Step - 1)))
            {
                _actions.LogPreimageStop(read, unchecked(_machine.Step - 1));
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
        ulong left = StepsToNext(step);
        while (!_machine.Exited && left > 0)
        {
            ulong start = _machine.Step;
            StopReason reason = _machine.Run(new RunLimits
            {
                StepsMax = Math.Min(left, _progress.StepsToNextLook(start)),
                StopAfterPreimageRead = _settings.PreimageStop.IsActive,
                Cancellation = _cancellation,
            });
            left -= unchecked(_machine.Step - start);
            _progress.Show(_machine);
            if (reason == StopReason.PreimageRead)
            {
                return;
            }
        }
    }

    // Counted and not named by the counter, which may start again on the way.
    private ulong StepsToNext(ulong step)
    {
        ulong steps = _index is not null && _index.NextStep > step ? _index.NextStep - step : ulong.MaxValue;
        foreach (StepPattern pattern in (ReadOnlySpan<StepPattern>)
            [_settings.InfoAt, _settings.StopAt, _settings.SnapshotAt, _settings.ProofAt, _settings.HashAt])
        {
            steps = Math.Min(steps, pattern.StepsToNext(step) ?? ulong.MaxValue);
        }

        return steps;
    }
}
