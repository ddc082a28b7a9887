namespace Culverin.Abi.Types;

/// <summary>
/// What a machine or a trace is connected to; all zero but struct_size is the default. Strings and arrays
/// are copied; callbacks and their user pointers are used until the handle is freed. Pre-images come from
/// the first that is set of: callback, server, folder, recording.
/// </summary>
internal unsafe struct Options
{
    /// <summary>sizeof(culverin_options).</summary>
    public nuint StructSize;

    /// <summary>CULVERIN_ENGINE_*.</summary>
    public int Engine;

    /// <summary>CULVERIN_FLAG_* bits.</summary>
    public uint Flags;

    /// <summary>Symbols for a state file, as `load-elf --meta` writes them; null for none.</summary>
    [Const]
    public sbyte* MetaPath;

    /// <summary>Takes the guest's output; null to drop it.</summary>
    // SAFETY: the caller's function and user pointer, valid until the handle is freed.
    [Callback(typeof(OutputCallback))]
    public delegate* unmanaged[Cdecl]<void*, int, byte*, nuint, void> Output;

    /// <summary>First argument of output.</summary>
    public void* OutputUser;

    /// <summary>Takes log lines; null to drop them.</summary>
    [Callback(typeof(LogCallback))]
    public delegate* unmanaged[Cdecl]<void*, int, sbyte*, void> Log;

    /// <summary>First argument of log.</summary>
    public void* LogUser;

    /// <summary>Finds pre-images; null for none.</summary>
    [Callback(typeof(PreimageCallback))]
    public delegate* unmanaged[Cdecl]<void*, byte*, byte**, nuint*, int> Preimage;

    /// <summary>First argument of preimage.</summary>
    public void* PreimageUser;

    /// <summary>Takes hints, together with a pre-image callback; null to drop them.</summary>
    [Callback(typeof(HintCallback))]
    public delegate* unmanaged[Cdecl]<void*, byte*, nuint, int> Hint;

    /// <summary>First argument of hint.</summary>
    public void* HintUser;

    /// <summary>A pre-image server's program and arguments; null for none.</summary>
    [Const]
    public sbyte** ServerCommand;

    /// <summary>How many strings those are.</summary>
    public nuint ServerCommandCount;

    /// <summary>A folder with one pre-image file a key; null for none.</summary>
    [Const]
    public sbyte* FolderPath;

    /// <summary>A recording to answer from; null for none.</summary>
    [Const]
    public sbyte* ReplayPath;

    /// <summary>
    /// Where answers and hints are recorded, for a machine; null for nowhere. Complete when the machine is
    /// freed.
    /// </summary>
    [Const]
    public sbyte* RecordPath;

    /// <summary>Largest pre-image accepted, in bytes; 0 for 512 MiB.</summary>
    public ulong PreimageBytesMax;

    /// <summary>How long a server may take for one answer; 0 for ten minutes.</summary>
    public ulong AnswerTimeoutMilliseconds;
}

/// <summary>How far to run, and what it may cost; all zero but struct_size runs to the end.</summary>
internal unsafe struct Limits
{
    /// <summary>sizeof(culverin_limits).</summary>
    public nuint StructSize;

    /// <summary>Step counter to stop at; 0 for none.</summary>
    public ulong UntilStep;

    /// <summary>How long to run, to some milliseconds; 0 for no deadline.</summary>
    public ulong TimeoutMilliseconds;

    /// <summary>
    /// Most bytes of the guest's memory, 0 for no limit; a step beyond it is CULVERIN_E_LIMIT_EXCEEDED.
    /// Traces have a limit of their own.
    /// </summary>
    public ulong MemoryBytesMax;

    /// <summary>Ends the run between two steps; null for none.</summary>
    [Const]
    public CancelHandle* Cancel;

    /// <summary>Is told how far the run has come; null for nobody.</summary>
    // SAFETY: the caller's function and user pointer, used during the call only.
    [Callback(typeof(ProgressCallback))]
    public delegate* unmanaged[Cdecl]<void*, ulong, ulong, int> Progress;

    /// <summary>First argument of progress.</summary>
    public void* ProgressUser;

    /// <summary>CULVERIN_RUN_FLAG_* bits.</summary>
    public uint Flags;

    /// <summary>Not used; zero.</summary>
    public uint Reserved;
}

/// <summary>How a trace index is kept; zeros are the defaults.</summary>
internal unsafe struct TraceOptions
{
    /// <summary>sizeof(culverin_trace_options).</summary>
    public nuint StructSize;

    /// <summary>
    /// Names what the trace depends on besides its first state, such as the server's arguments; a folder of
    /// another input is refused. Null to take any.
    /// </summary>
    [Const]
    public sbyte* InputName;

    /// <summary>
    /// Steps between two checkpoints to begin with; 0 for those the trace was built with, 2^25 for a new one.
    /// </summary>
    public ulong SpacingSteps;

    /// <summary>Most bytes of all checkpoints together; 0 for 2 GiB.</summary>
    public ulong DiskBytesMax;

    /// <summary>Most bytes of the guest's memory; 0 for no limit.</summary>
    public ulong MemoryBytesMax;

    /// <summary>How long to wait for another process that uses the folder.</summary>
    public ulong LockTimeoutMilliseconds;

    /// <summary>How many queries of one call may run at a time; 0 for one.</summary>
    public uint Parallelism;

    /// <summary>Not used; zero.</summary>
    public uint Reserved;
}
