namespace Culverin.Execute;

/// <summary>What a step of a multithreaded version does; all but the first execute no instruction.</summary>
internal enum SchedulerStep
{
    /// <summary>The active thread's next instruction.</summary>
    Instruction,

    /// <summary>A wake-up is under way: it looks whether the active thread waits for that address.</summary>
    SeekWaiter,

    /// <summary>The active thread has ended and is removed.</summary>
    RemoveExited,

    /// <summary>The active thread waits: it goes on, times out, or gives the turn away.</summary>
    LookAtWaiting,

    /// <summary>The active thread's turn is over.</summary>
    EndTurn,
}
