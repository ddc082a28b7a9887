using Culverin.Execute;

namespace Culverin.Inspect.Debug;

/// <summary>Why a debugged run has stopped.</summary>
internal enum StopKind
{
    /// <summary>The steps asked for are done.</summary>
    Step,

    /// <summary>It stands at a breakpoint.</summary>
    Breakpoint,

    /// <summary>
    /// A watched range was accessed: just before, or, when going backwards, in the next step.
    /// </summary>
    Watchpoint,

    /// <summary>The first state of the trace.</summary>
    Begin,

    /// <summary>The guest has ended.</summary>
    End,

    /// <summary>The next step cannot be executed.</summary>
    Panic,

    /// <summary>Somebody asked it to stop.</summary>
    Interrupted,
}

/// <summary>Where and why a debugged run has stopped.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Range">The watched range; null for other kinds.</param>
/// <param name="Message">What else is to be told; empty for nothing.</param>
internal sealed record DebugStop(StopKind Kind, WatchedRange? Range = null, string Message = "");
