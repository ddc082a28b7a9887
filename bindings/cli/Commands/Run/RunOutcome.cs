namespace Culverin.Cli.Commands.Run;

/// <summary>Why a run ended without an error.</summary>
internal enum RunOutcome
{
    /// <summary>The guest exited.</summary>
    Exited,

    /// <summary>--stop-at matched.</summary>
    StopAt,

    /// <summary>A --stop-at-preimage flag matched.</summary>
    PreimageRead,

    /// <summary>A signal came.</summary>
    Interrupted,
}
