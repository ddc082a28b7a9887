namespace Culverin.Harness.Cli;

/// <summary>How the process ends.</summary>
internal static class ExitCodes
{
    /// <summary>Everything agreed.</summary>
    public const int Success = 0;

    /// <summary>A wrong file, server or host.</summary>
    public const int Error = 1;

    /// <summary>A wrong command line.</summary>
    public const int Usage = 2;

    /// <summary>Something that was asked for is not due yet; what was due has been done.</summary>
    public const int NotDue = 3;

    /// <summary>A withdrawal's money did not arrive, or would not have.</summary>
    public const int Undelivered = 4;

    /// <summary>The engine and the contract disagree.</summary>
    public const int Mismatch = 5;

    /// <summary>A claim is wrong.</summary>
    public const int WrongClaim = 6;

    /// <summary>Ended by SIGINT or SIGTERM.</summary>
    public const int Interrupted = 130;

    /// <summary>Whoever read standard output went away, as `head` does.</summary>
    public const int OutputClosed = 141;
}
