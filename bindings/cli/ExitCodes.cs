namespace Culverin.Cli;

/// <summary>How the process ends. 0, 1, 2 and 130 are the reference's; 3 and 4 are ours.</summary>
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

    /// <summary>Ended by SIGINT or SIGTERM, after the state was saved.</summary>
    public const int Interrupted = 130;
}
