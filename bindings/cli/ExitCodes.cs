namespace Culverin.Cli;

/// <summary>How the process ends. 0, 1, 2 and 130 are the reference's; 3 to 7 are ours.</summary>
internal static class ExitCodes
{
    /// <summary>Done; whatever the guest's own exit code is.</summary>
    public const int Success = 0;

    /// <summary>A wrong command line, file, server or host.</summary>
    public const int Error = 1;

    /// <summary>The guest did what the virtual machine forbids: on chain that step reverts.</summary>
    public const int GuestPanic = 2;

    /// <summary>`verify`: the contract would not accept the proof.</summary>
    public const int ProofRejected = 3;

    /// <summary>`analyze`: the program cannot run in any of the state versions asked for.</summary>
    public const int ProgramUnsupported = 4;

    /// <summary>
    /// `analyze`: no state version asked for runs the program without a doubt; in the best of them code that
    /// may be reached panics or goes wrong.
    /// </summary>
    public const int ProgramMayPanic = 5;

    /// <summary>
    /// `analyze`: no state version asked for is known to run the program; nothing bad was found in the best
    /// of them, but not all that may be reached could be looked at.
    /// </summary>
    public const int ProgramUnknown = 6;

    /// <summary>`diff`: the traces differ.</summary>
    public const int TracesDiffer = 7;

    /// <summary>Ended by SIGINT, SIGTERM or SIGHUP, after the state was saved.</summary>
    public const int Interrupted = 130;

    /// <summary>
    /// Whoever read standard output went away, as `head` does; what shells show of a program that SIGPIPE
    /// ended.
    /// </summary>
    public const int OutputClosed = 141;
}
