namespace Culverin.Abi.Types;

/// <summary>A state version.</summary>
internal unsafe struct VersionInfo
{
    /// <summary>sizeof(culverin_version_info).</summary>
    public nuint StructSize;

    /// <summary>The version byte.</summary>
    public uint StateVersion;

    /// <summary>Bits of a word: 32 or 64.</summary>
    public uint WordBits;

    /// <summary>The reference's name, with a zero at its end.</summary>
    public fixed sbyte Name[32];
}

/// <summary>Where a machine is.</summary>
internal unsafe struct MachineSummary
{
    /// <summary>sizeof(culverin_machine_summary).</summary>
    public nuint StructSize;

    /// <summary>Steps executed since the program's start.</summary>
    public ulong Step;

    /// <summary>Address of the instruction to execute next.</summary>
    public ulong ProgramCounter;

    /// <summary>Pages of 4096 bytes in the guest's memory.</summary>
    public ulong PageCount;

    /// <summary>How often the source was asked for a pre-image.</summary>
    public ulong PreimageRequestCount;

    /// <summary>Bytes of all pre-images received, with their length prefixes.</summary>
    public ulong PreimageTotalBytes;

    /// <summary>Where the last executed step read in its pre-image; counts the length prefix.</summary>
    public ulong LastPreimageOffset;

    /// <summary>The version byte.</summary>
    public uint StateVersion;

    /// <summary>1 when the guest has ended, else 0.</summary>
    public uint Exited;

    /// <summary>The guest's exit code.</summary>
    public uint ExitCode;

    /// <summary>1 when the last executed step read a pre-image, else 0.</summary>
    public uint HasLastPreimage;

    /// <summary>Key of the pre-image that the last executed step read.</summary>
    public fixed byte LastPreimageKey[32];
}

/// <summary>A proof without its long parts.</summary>
internal unsafe struct ProofSummary
{
    /// <summary>sizeof(culverin_proof_summary).</summary>
    public nuint StructSize;

    /// <summary>The step counter before the step.</summary>
    public ulong Step;

    /// <summary>Where the step reads in its pre-image; counts the length prefix.</summary>
    public ulong PreimageOffset;

    /// <summary>1 when the step reads a pre-image, else 0.</summary>
    public uint HasPreimage;

    /// <summary>Not used; zero.</summary>
    public uint Reserved;

    /// <summary>State hash before the step.</summary>
    public fixed byte PreHash[32];

    /// <summary>State hash after the step: the claim at this trace index.</summary>
    public fixed byte PostHash[32];

    /// <summary>Key of the pre-image.</summary>
    public fixed byte PreimageKey[32];
}

/// <summary>How a trace ends; from this step on every state is this one.</summary>
internal unsafe struct TraceEnd
{
    /// <summary>sizeof(culverin_trace_end).</summary>
    public nuint StructSize;

    /// <summary>The first step at which the guest has ended.</summary>
    public ulong Step;

    /// <summary>The guest's exit code.</summary>
    public uint ExitCode;

    /// <summary>Not used; zero.</summary>
    public uint Reserved;

    /// <summary>The last state's hash.</summary>
    public fixed byte StateHash[32];
}

/// <summary>What a trace index holds.</summary>
internal struct TraceSummary
{
    /// <summary>sizeof(culverin_trace_summary).</summary>
    public nuint StructSize;

    /// <summary>Step of the first state.</summary>
    public ulong FirstStep;

    /// <summary>The last step along the trace with a checkpoint.</summary>
    public ulong LastStep;

    /// <summary>Steps between checkpoints along the trace, on the whole.</summary>
    public ulong SpacingSteps;

    /// <summary>Bytes of all checkpoints.</summary>
    public ulong DiskBytes;

    /// <summary>Checkpoints, those of queries included.</summary>
    public ulong CheckpointCount;

    /// <summary>Checkpoints that queries have left.</summary>
    public ulong ProbeCount;

    /// <summary>Recorded pre-images.</summary>
    public ulong PreimageCount;

    /// <summary>1 when the guest has ended at the last step, else 0.</summary>
    public uint Finished;

    /// <summary>Not used; zero.</summary>
    public uint Reserved;
}
