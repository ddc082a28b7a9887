namespace Culverin.Abi.Types;

/// <summary>How ordinary steps are executed; all give the same results.</summary>
internal enum Engine
{
    /// <summary>As machine code where the host allows it, else by interpreting.</summary>
    Auto = 0,

    /// <summary>By interpreting.</summary>
    Interpreter = 1,

    /// <summary>As machine code; an error where the host refuses.</summary>
    Translator = 2,
}

/// <summary>Bits of culverin_options.flags.</summary>
internal enum Flag
{
    /// <summary>Do not check that keccak256 and sha256 pre-images hash to their keys.</summary>
    UncheckedPreimages = 1,
}

/// <summary>Bits of culverin_limits.flags.</summary>
internal enum RunFlag
{
    /// <summary>Stop after each step that reads a pre-image.</summary>
    StopAfterPreimage = 1,
}

/// <summary>Why a run returned.</summary>
internal enum End
{
    /// <summary>The step counter reached the limit.</summary>
    StepReached = 1,

    /// <summary>The guest exited.</summary>
    Exited = 2,

    /// <summary>A step read a pre-image.</summary>
    PreimageRead = 3,

    /// <summary>The time was up; the run may be continued.</summary>
    DeadlinePassed = 4,
}

/// <summary>Levels of log lines.</summary>
internal enum Level
{
    /// <summary>From the pre-image server.</summary>
    Info = 1,

    /// <summary>Something works less well than it could.</summary>
    Warning = 2,
}

/// <summary>Parts of a proof.</summary>
internal enum Part
{
    /// <summary>The state witness before the step.</summary>
    StateData = 1,

    /// <summary>The memory proofs.</summary>
    ProofData = 2,

    /// <summary>The pre-image read, with its 8-byte big-endian length in front; empty if none.</summary>
    Preimage = 3,

    /// <summary>The whole proof as the reference's JSON file, byte for byte.</summary>
    Json = 4,
}
