using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Oracle;
using Culverin.Run;

namespace Culverin.Cli.Commands.Run;

/// <summary>What a run is to do, read and checked.</summary>
internal sealed record RunSettings
{
    public required string InputPath { get; init; }

    /// <summary>Where the last state goes; nothing for nowhere, a dash for standard output.</summary>
    public required string OutputPath { get; init; }

    /// <summary>Where symbols are; nothing for nowhere.</summary>
    public required string MetaPath { get; init; }

    public required string DebugInfoPath { get; init; }

    /// <summary>Where the state before a failing step goes; null for nowhere.</summary>
    public required FileNameFormat? ErrorSnapshot { get; init; }

    public required StepPattern ProofAt { get; init; }

    public required FileNameFormat ProofFormat { get; init; }

    public required StepPattern SnapshotAt { get; init; }

    public required FileNameFormat SnapshotFormat { get; init; }

    public required StepPattern StopAt { get; init; }

    public required StepPattern InfoAt { get; init; }

    public required StepPattern HashAt { get; init; }

    public required PreimageStop PreimageStop { get; init; }

    public required OracleSettings Oracle { get; init; }

    public required bool NamesStopFunction { get; init; }

    public required bool IsJson { get; init; }

    public required EngineKind Engine { get; init; }

    /// <summary>Most bytes of the guest's memory; 0 for no limit.</summary>
    public required ulong MemoryBytesMax { get; init; }

    /// <summary>Most bytes of the trace index; 0 for none.</summary>
    public required long TraceDiskBytes { get; init; }
}

/// <summary>Where pre-images come from; at most one of server, folder and recording.</summary>
internal sealed record OracleSettings
{
    public required IReadOnlyList<string> ServerCommand { get; init; }

    public required string FolderPath { get; init; }

    public required string ReplayPath { get; init; }

    /// <summary>Where answers are recorded; nothing for nowhere.</summary>
    public required string RecordPath { get; init; }

    public required OracleOptions Options { get; init; }

    /// <summary>Whether there is a source at all.</summary>
    public bool HasSource => ServerCommand.Count > 0 || FolderPath.Length > 0 || ReplayPath.Length > 0;
}
