using Culverin.Execute;
using Culverin.Inspect.Symbols;
using Culverin.Run;
using Culverin.Trace;

namespace Culverin.Inspect.Debug;

/// <summary>
/// A place in a trace that moves in both directions, by steps and to breakpoints and watched memory. Going
/// backwards runs forwards from the checkpoints before, as often as need be, and takes the last stop found.
/// </summary>
/// <remarks>
/// The trace is what it is: nothing here changes it. One thread at a time; a run is ended from outside by its
/// cancellation, and then stands where it was stopped.
/// </remarks>
internal sealed class DebugSession
{
    private const ulong FirstWindowSteps = 1 << 10;
    private const ulong WindowStepsMax = 1 << 21;

    // Going back step by step is cheap from a checkpoint that a query has left nearby.
    private const ulong FarSteps = 1 << 20;
    private const ulong NearSteps = 1 << 16;

    private readonly TraceIndex _index;

    /// <summary>Begins at a step.</summary>
    public DebugSession(TraceIndex index, ProgramSymbols symbols, ulong step, CancellationToken cancellation)
    {
        _index = index;
        Symbols = symbols;
        FirstStep = index.Describe().FirstStep;
        Machine = index.MoveTo(Math.Max(step, FirstStep), cancellation);
    }

    /// <summary>The machine as it is here; another one after each move.</summary>
    public Machine Machine { get; private set; }

    /// <summary>The program's symbols.</summary>
    public ProgramSymbols Symbols { get; }

    /// <summary>Where to stop.</summary>
    public StopPoints Stops { get; } = new();

    /// <summary>The first step of the trace.</summary>
    public ulong FirstStep { get; }

    /// <summary>Where it is.</summary>
    public ulong Step => Machine.Step;

    /// <summary>
    /// The trace, for what it answers beside machines; call <see cref="MoveTo"/> afterwards.
    /// </summary>
    public TraceIndex Index => _index;

    /// <summary>Goes to a step; past the end to the end.</summary>
    public void MoveTo(ulong step, CancellationToken cancellation) =>
        Machine = _index.MoveTo(Math.Max(step, FirstStep), cancellation);

    /// <summary>Runs to the next stop.</summary>
    public DebugStop Continue(CancellationToken cancellation) =>
        Guarded(() => Run(ulong.MaxValue, cancellation));

    /// <summary>
    /// Runs until a thread has executed a step: other threads run as they are recorded to. A step of the
    /// scheduler is one of the thread that it deals with.
    /// </summary>
    /// <param name="thread">The thread; null for whichever is active.</param>
    /// <param name="within">
    /// Goes on as long as the thread is in this range of code; null to stop at once.
    /// </param>
    /// <param name="cancellation">Ends it.</param>
    public DebugStop StepForward(
        ulong? thread, AddressRange? within, CancellationToken cancellation) => Guarded(() =>
    {
        ulong? own = Existing(thread);
        while (!Machine.Exited)
        {
            cancellation.ThrowIfStopped(Step);
            bool isOwn = own is null || ThreadView.ActiveIdOf(Machine.Image) == own;
            DebugStop stop = Run(Step + 1, cancellation);
            if (stop.Kind is StopKind.Watchpoint || (stop.Kind == StopKind.Breakpoint && !isOwn))
            {
                return stop;
            }

            bool isAtBreakpoint = !Machine.Exited && Stops.Breakpoints.Contains(Machine.ProgramCounter);
            if (isAtBreakpoint && (!isOwn || within is not null))
            {
                return new DebugStop(StopKind.Breakpoint);
            }

            bool isActive = own is null || ThreadView.ActiveIdOf(Machine.Image) == own;
            if (isOwn && (within is not { } range || (isActive && !range.Contains(Machine.ProgramCounter))))
            {
                return new DebugStop(StopKind.Step);
            }
        }

        return new DebugStop(StopKind.End);
    });

    /// <summary>Goes back to where a thread was about to execute its last step.</summary>
    /// <param name="thread">The thread; null for whichever was active.</param>
    /// <param name="cancellation">Ends it.</param>
    public DebugStop StepBack(ulong? thread, CancellationToken cancellation) => Guarded(() =>
    {
        ulong from = Step;
        if (from == FirstStep)
        {
            return new DebugStop(StopKind.Begin);
        }

        // Who ran the step before is known there alone: a thread that ran it may have ended by it.
        ulong? asked = Existing(thread);
        ulong high = from - 1;
        ApproachBack(high, cancellation);
        MoveTo(high, cancellation);
        if (asked is not { } own || ThreadView.ActiveIdOf(Machine.Image) == own)
        {
            return new DebugStop(StopKind.Step);
        }

        for (ulong window = FirstWindowSteps; high > FirstStep; window = Math.Min(window * 8, WindowStepsMax))
        {
            ulong low = high - Math.Min(window, high - FirstStep);
            ulong? last = LastStepOf(own, low, high, cancellation);
            if (last is { } step)
            {
                MoveTo(step, cancellation);
                return new DebugStop(StopKind.Step);
            }

            high = low;
        }

        MoveTo(FirstStep, cancellation);
        return new DebugStop(StopKind.Begin);
    });

    /// <summary>
    /// Goes back to the last stop: in front of an instruction with a breakpoint, or of a step that accesses a
    /// watched range.
    /// </summary>
    public DebugStop ContinueBack(CancellationToken cancellation) => Back(Stops, cancellation);

    /// <summary>
    /// Goes back to in front of the last step that wrote a range, whatever else is to stop.
    /// </summary>
    public DebugStop LastWrite(WatchedRange range, CancellationToken cancellation)
    {
        var stops = new StopPoints();
        stops.Watch(range);
        return Back(stops, cancellation);
    }

    private DebugStop Back(StopPoints stops, CancellationToken cancellation) => Guarded(() =>
    {
        ulong high = Step;
        while (high > FirstStep)
        {
            ulong low = _index.CheckpointBefore(high - 1);
            if (LastStopIn(stops, low, high, cancellation) is var (step, stop))
            {
                MoveTo(step, cancellation);
                return stop;
            }

            high = low;
        }

        MoveTo(FirstStep, cancellation);
        return new DebugStop(StopKind.Begin);
    });

    private static DebugStop Guarded(Func<DebugStop> run)
    {
        try
        {
            return run();
        }
        catch (GuestPanicException error)
        {
            return new DebugStop(StopKind.Panic, null, error.Message);
        }
        catch (CulverinException error)
        {
            // A machine that a failed move leaves may be gone; the index makes another one.
            StopKind kind = error.Code == ErrorCode.Cancelled ? StopKind.Interrupted : StopKind.Panic;
            return new DebugStop(kind, null, kind == StopKind.Interrupted ? "" : error.Message);
        }
    }

    private DebugStop Run(ulong untilStep, CancellationToken cancellation) =>
        Machine.RunToStop(Stops, untilStep, passesFirst: true, cancellation) switch
        {
            MachineStop.Breakpoint => new DebugStop(StopKind.Breakpoint),
            MachineStop.Watchpoint => new DebugStop(StopKind.Watchpoint, Machine.StoppedBy),
            MachineStop.Exited => new DebugStop(StopKind.End),
            _ => new DebugStop(StopKind.Step),
        };

    private ulong? Existing(ulong? thread) =>
        thread is { } id && ThreadView.AllOf(Machine.Image).Any(each => each.Id == id) ? id : null;

    private void ApproachBack(ulong step, CancellationToken cancellation)
    {
        if (step - _index.CheckpointBefore(step) > FarSteps)
        {
            MoveTo(step - NearSteps, cancellation);
        }
    }

    private ulong? LastStepOf(ulong thread, ulong low, ulong high, CancellationToken cancellation)
    {
        MoveTo(low, cancellation);
        ulong? last = null;
        while (Step < high)
        {
            cancellation.ThrowIfStopped(Step);
            if (ThreadView.ActiveIdOf(Machine.Image) == thread)
            {
                last = Step;
            }

            Machine.ExecuteStep();
        }

        return last;
    }

    private (ulong Step, DebugStop Stop)? LastStopIn(
        StopPoints stops, ulong low, ulong high, CancellationToken cancellation)
    {
        MoveTo(low, cancellation);
        (ulong, DebugStop)? last = null;
        bool passesFirst = false;
        while (true)
        {
            switch (Machine.RunToStop(stops, high, passesFirst, cancellation))
            {
                case MachineStop.Breakpoint:
                    last = (Step, new DebugStop(StopKind.Breakpoint));
                    passesFirst = true;
                    break;
                case MachineStop.Watchpoint:
                    last = (Step - 1, new DebugStop(StopKind.Watchpoint, Machine.StoppedBy));
                    passesFirst = false;
                    break;
                default:
                    return last;
            }
        }
    }
}
