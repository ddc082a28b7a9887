using System;
using System.Collections.Generic;
using System.Threading;
using Culverin.Execute;
using Culverin.Oracle;

namespace Culverin.Embed;

/// <summary>What a machine or a trace is connected to.</summary>
public sealed record EngineSettings
{
    /// <summary>Nothing: no output, no pre-images.</summary>
    public static EngineSettings Default { get; } = new();

    /// <summary>How ordinary steps are executed.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>Who takes the guest's output; null to drop it.</summary>
    public IGuestOutput? Output { get; init; }

    /// <summary>
    /// Symbols for a state file, as `load-elf --meta` writes them; null for none. Programs bring their own.
    /// </summary>
    public string? MetaPath { get; init; }

    /// <summary>Where pre-images come from.</summary>
    public PreimageSource Preimages { get; init; } = new();

    /// <summary>
    /// Takes what the engine and the pre-image server have to say, one line a call; the server's lines come
    /// on another thread. Null to drop it.
    /// </summary>
    public Action<EngineLogLevel, string>? Log { get; init; }

    /// <summary>Opens the source of pre-images; a server's lines go to <see cref="Log"/>.</summary>
    internal IPreimageOracle OpenPreimages(CancellationToken cancellation) => PreimageSources.Open(
        Preimages, line => Log?.Invoke(EngineLogLevel.Info, line), cancellation);
}

/// <summary>How important a log line is; values are never reused or renumbered.</summary>
public enum EngineLogLevel
{
    /// <summary>From the pre-image server.</summary>
    Info = 1,

    /// <summary>Something works less well than it could.</summary>
    Warning = 2,
}

/// <summary>
/// Where pre-images come from: the first of oracle, server, folder and recording that is set; without any, a
/// guest that asks ends the run with an error.
/// </summary>
public sealed record PreimageSource
{
    /// <summary>A source of the caller's, which stays the caller's.</summary>
    public IPreimageOracle? Oracle { get; init; }

    /// <summary>A pre-image server's program and arguments, started when the machine is made.</summary>
    public IReadOnlyList<string> ServerCommand { get; init; } = [];

    /// <summary>A folder with one file a key.</summary>
    public string? FolderPath { get; init; }

    /// <summary>A recording, made here or elsewhere.</summary>
    public string? ReplayPath { get; init; }

    /// <summary>Where answers and hints are recorded; null for nowhere.</summary>
    public string? RecordPath { get; init; }

    /// <summary>Limits, times, and whether answers must hash to their keys.</summary>
    public OracleOptions Options { get; init; } = OracleOptions.Default;
}
