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

    /// <summary>The engine and the contract disagree.</summary>
    public const int Mismatch = 5;

    /// <summary>Ended by SIGINT or SIGTERM.</summary>
    public const int Interrupted = 130;
}
