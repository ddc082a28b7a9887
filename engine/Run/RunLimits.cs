namespace Culverin.Run;

/// <summary>How far to run, and what it may cost.</summary>
public sealed record RunLimits
{
    /// <summary>
    /// Step counter to stop at; at once if it is there or past it. Null for none: the run then also goes on
    /// where the counter starts again, which is at 2^64.
    /// </summary>
    public ulong? UntilStep { get; init; }

    /// <summary>Most steps to execute, also past the place where the counter starts again.</summary>
    public ulong StepsMax { get; init; } = ulong.MaxValue;

    /// <summary>Whether to stop after each step that reads a pre-image.</summary>
    public bool StopAfterPreimageRead { get; init; }

    /// <summary>How long to run, to some milliseconds; 0 for no deadline.</summary>
    public ulong TimeoutMilliseconds { get; init; }

    /// <summary>
    /// Most bytes of the guest's memory, in this run and until the next one; 0 for no limit but the one that
    /// the machine was made with.
    /// </summary>
    public ulong MemoryBytesMax { get; init; }

    /// <summary>Told the machine's place every few million steps.</summary>
    public IProgress<MachineProgress>? Progress { get; init; }

    /// <summary>
    /// Ends the run between two steps, noticed within milliseconds. The run may be continued, but a pre-image
    /// server that was started for the machine is stopped.
    /// </summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How far a run has come.</summary>
/// <param name="Step">The machine's step.</param>
/// <param name="PageCount">Pages of 4096 bytes in the guest's memory.</param>
public readonly record struct MachineProgress(ulong Step, int PageCount);

/// <summary>Why a run returned; values are never reused or renumbered.</summary>
public enum StopReason
{
    /// <summary>The step counter, or the number of steps, reached the limit.</summary>
    StepReached = 1,

    /// <summary>The guest exited.</summary>
    Exited = 2,

    /// <summary>A step read a pre-image.</summary>
    PreimageRead = 3,

    /// <summary>The time was up; the run may be continued.</summary>
    DeadlinePassed = 4,
}
