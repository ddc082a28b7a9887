using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Trace;

/// <summary>How a trace index is made and used.</summary>
public sealed record TraceOptions
{
    /// <summary>Symbols and output of the machines; their oracle is the index's own.</summary>
    internal MachineOptions Machine { get; init; } = new();

    /// <summary>
    /// Opens the source of pre-images, when one is needed that the index has not recorded yet; null for none.
    /// Everything it answers is recorded, so that no step is ever run twice with it.
    /// </summary>
    internal Func<IPreimageOracle>? Source { get; init; }

    /// <summary>
    /// Names what the trace depends on besides its first state, such as the server's arguments; an index
    /// refuses to be opened for another input. Null to open it whatever its input is.
    /// </summary>
    public string? InputName { get; init; }

    /// <summary>Steps between two checkpoints of a new trace.</summary>
    public const ulong DefaultSpacingSteps = 1UL << 25;

    /// <summary>
    /// Steps between two checkpoints to begin with; more once they have been thinned. 0 for those that the
    /// trace was built with, <see cref="DefaultSpacingSteps"/> for a new one.
    /// </summary>
    public ulong SpacingSteps { get; init; }

    /// <summary>Most checkpoints along the trace; above it every second one goes.</summary>
    public int CheckpointsMax { get; init; } = 64;

    /// <summary>Most checkpoints that queries leave where they have been.</summary>
    public int ProbesMax { get; init; } = 32;

    /// <summary>A query leaves a checkpoint when it had to run this far.</summary>
    public ulong ProbeSteps { get; init; } = 1UL << 22;

    /// <summary>
    /// Most bytes of all checkpoints together. The newest one and those that it is based on are kept in any
    /// case, and the first state and the pre-images come on top.
    /// </summary>
    public long DiskBytesMax { get; init; } = 2L << 30;

    /// <summary>Most bytes of the guest's memory; 0 for no limit.</summary>
    public ulong MemoryBytesMax { get; init; }

    /// <summary>How long to wait for another process that uses the folder.</summary>
    public TimeSpan LockWait { get; init; }

    /// <summary>How many queries of one call may run at a time, each in a machine of its own.</summary>
    public int Parallelism { get; init; } = 1;

    /// <summary>
    /// Told now and then how far a machine of the index is, on the thread that runs it; several threads with
    /// <see cref="Parallelism"/>.
    /// </summary>
    public IProgress<TraceProgress>? Progress { get; init; }

    /// <summary>Refuses numbers that mean nothing.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    internal void Validate()
    {
        if (CheckpointsMax < 1 || ProbesMax < 0 || DiskBytesMax < 0 || Parallelism < 0
            || LockWait < TimeSpan.Zero)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, $"The options of a trace index are out of range: {this}.");
        }
    }
}
