namespace Culverin.Trace;

/// <summary>How far a run along a trace has come.</summary>
/// <param name="Step">The machine's step.</param>
/// <param name="PageCount">Pages of 4096 bytes in the guest's memory.</param>
/// <param name="CheckpointCount">Checkpoints in the index.</param>
public readonly record struct TraceProgress(ulong Step, int PageCount, int CheckpointCount);

/// <summary>How a trace ends; from this step on every state is this one.</summary>
/// <param name="Step">The first step at which the guest has ended.</param>
/// <param name="ExitCode">The guest's exit code.</param>
/// <param name="StateHash">32 bytes.</param>
/// <param name="Witness">The bytes that the hash commits to.</param>
public sealed record TraceEnd(ulong Step, byte ExitCode, byte[] StateHash, byte[] Witness);

/// <summary>What an index holds.</summary>
/// <param name="FirstStep">Step of the first state.</param>
/// <param name="LastStep">The last step along the trace with a checkpoint.</param>
/// <param name="IsFinished">Whether the guest has ended there.</param>
/// <param name="CheckpointCount">Checkpoints, those of queries included.</param>
/// <param name="ProbeCount">Checkpoints that queries have left.</param>
/// <param name="SpacingSteps">Steps between checkpoints along the trace, on the whole.</param>
/// <param name="DiskBytes">Bytes of all checkpoints.</param>
/// <param name="PreimageCount">Recorded pre-images.</param>
public sealed record TraceSummary(
    ulong FirstStep,
    ulong LastStep,
    bool IsFinished,
    int CheckpointCount,
    int ProbeCount,
    ulong SpacingSteps,
    long DiskBytes,
    int PreimageCount);
