namespace Culverin.Abi.Types;

/// <summary>What a call came to. Values are pinned: never reused, never renumbered.</summary>
internal enum Status
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>An argument or option is not usable.</summary>
    InvalidArgument = 1,

    /// <summary>A file could not be read, written or renamed.</summary>
    FileAccess = 2,

    /// <summary>An ELF file is malformed or does not suit the chosen state version.</summary>
    InvalidElf = 3,

    /// <summary>A state file is malformed or truncated.</summary>
    InvalidState = 4,

    /// <summary>The state version is unknown.</summary>
    UnsupportedVersion = 5,

    /// <summary>A proof is malformed.</summary>
    InvalidProof = 6,

    /// <summary>A proof is well-formed but wrong: the contract would revert.</summary>
    ProofRejected = 7,

    /// <summary>The guest did what the virtual machine forbids; on chain the step reverts.</summary>
    GuestPanic = 8,

    /// <summary>The pre-image server or callback died, lied about a length, or fell silent.</summary>
    PreimageServer = 9,

    /// <summary>A pre-image is not available from the chosen source.</summary>
    PreimageMissing = 10,

    /// <summary>The guest waits for itself for ever.</summary>
    InfiniteLoop = 11,

    /// <summary>Ended by a cancel token, by a progress callback, or because the handle was freed.</summary>
    Cancelled = 12,

    /// <summary>A configured limit (memory, size, time) was reached.</summary>
    LimitExceeded = 13,

    /// <summary>The host refused memory or another resource.</summary>
    HostResource = 14,

    /// <summary>A child process could not be started.</summary>
    ProcessStart = 15,

    /// <summary>
    /// The caller's mistake: a null pointer, a handle that is freed, of another kind or none at all, or in
    /// use by another thread.
    /// </summary>
    Misuse = 64,

    /// <summary>The buffer is too small; its length is told and nothing is written.</summary>
    BufferTooSmall = 65,

    /// <summary>A mistake of the library's own; the message is worth a report.</summary>
    Internal = 66,
}
