namespace Culverin;

/// <summary>What went wrong, as a stable number: values are never reused or renumbered.</summary>
public enum ErrorCode
{
    /// <summary>An argument or option is not usable.</summary>
    InvalidArgument = 1,

    /// <summary>A file could not be read, written or renamed.</summary>
    FileAccess = 2,

    /// <summary>An ELF file is malformed or does not suit the chosen state version.</summary>
    InvalidElf = 3,

    /// <summary>A state file is malformed or truncated.</summary>
    InvalidState = 4,

    /// <summary>The state version is unknown or not supported by this build.</summary>
    UnsupportedVersion = 5,

    /// <summary>A proof file is malformed.</summary>
    InvalidProof = 6,

    /// <summary>A proof is well-formed but does not fit its state: the contract would revert.</summary>
    ProofRejected = 7,

    /// <summary>
    /// The guest program did something the virtual machine forbids; on chain the step reverts.
    /// </summary>
    GuestPanic = 8,

    /// <summary>The pre-image server died, lied about a length, or fell silent.</summary>
    PreimageServer = 9,

    /// <summary>A pre-image is not available from the chosen source.</summary>
    PreimageMissing = 10,

    /// <summary>The guest waits for itself for ever.</summary>
    InfiniteLoop = 11,

    /// <summary>The run was cancelled or interrupted.</summary>
    Cancelled = 12,

    /// <summary>A configured limit (memory, size, time) was reached.</summary>
    LimitExceeded = 13,

    /// <summary>The host refused memory or another resource.</summary>
    HostResource = 14,

    /// <summary>A child process could not be started.</summary>
    ProcessStart = 15,
}

/// <summary>
/// The one exception type that leaves the engine for anything that outside data, files or processes cause.
/// The message is a whole sentence for a person; <see cref="Code"/> is for programs.
/// </summary>
public class CulverinException : Exception
{
    /// <summary>Makes an error with its code and one clear sentence.</summary>
    public CulverinException(ErrorCode code, string message)
        : base(message)
    {
        Code = code;
    }

    /// <summary>Makes an error with its code, one clear sentence and its cause.</summary>
    public CulverinException(ErrorCode code, string message, Exception inner)
        : base(message, inner)
    {
        Code = code;
    }

    /// <summary>What went wrong, for programs.</summary>
    public ErrorCode Code { get; }
}
