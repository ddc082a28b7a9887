namespace Culverin.Run;

/// <summary>Why a run to stop points returned.</summary>
internal enum MachineStop
{
    /// <summary>The step counter reached its limit.</summary>
    StepReached,

    /// <summary>The guest has ended.</summary>
    Exited,

    /// <summary>The next step executes an instruction with a breakpoint.</summary>
    Breakpoint,

    /// <summary>The last step accessed a watched range.</summary>
    Watchpoint,
}
