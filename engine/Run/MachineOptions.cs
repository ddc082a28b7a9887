using Culverin.Execute;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Oracle;
using Culverin.Translate;

namespace Culverin.Run;

/// <summary>What a machine or a trace is connected to.</summary>
public sealed record MachineOptions
{
    /// <summary>Nothing: no output, no pre-images.</summary>
    public static MachineOptions Default { get; } = new();

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
    /// Takes what the engine and the pre-image server have to say, one line per call; the server's lines come
    /// on another thread. Null to drop it.
    /// </summary>
    public Action<EngineLogLevel, string>? Log { get; init; }

    /// <summary>
    /// The opened source of pre-images, which stays the caller's. <see cref="Machine.Open"/> opens one from
    /// <see cref="Preimages"/> instead.
    /// </summary>
    internal IPreimageOracle Oracle { get; init; } = NoOracle.Instance;

    /// <summary>Symbols of the program; used to recognise a Go runtime that waits for itself.</summary>
    internal SymbolTable Symbols { get; init; } = SymbolTable.Empty;

    /// <summary>Who sees the guest's system calls; null for nobody.</summary>
    internal ISyscallObserver? Syscalls { get; init; }

    /// <summary>What a translator is free to choose.</summary>
    internal TranslatorTuning Tuning { get; init; } = TranslatorTuning.Default;

    /// <summary>The same with the symbols of <see cref="MetaPath"/>, if there is one.</summary>
    /// <exception cref="CulverinException">The file cannot be used.</exception>
    internal MachineOptions WithSymbolsRead() =>
        MetaPath is { } path ? this with { Symbols = MetaFile.Read(path), MetaPath = null } : this;

    /// <summary>Opens the source of pre-images; a server's lines go to <see cref="Log"/>.</summary>
    internal IPreimageOracle OpenPreimages(CancellationToken cancellation) => Preimages.Open(
        line => Log?.Invoke(EngineLogLevel.Info, line), cancellation);
}

/// <summary>Ways to execute ordinary steps; all give the same results.</summary>
public enum EngineKind
{
    /// <summary>As machine code where the host allows it, else by interpreting.</summary>
    Auto,

    /// <summary>By interpreting.</summary>
    Interpreter,

    /// <summary>As machine code; an error where the host refuses.</summary>
    Translator,
}

/// <summary>How important a log line is; values are never reused or renumbered.</summary>
public enum EngineLogLevel
{
    /// <summary>From the pre-image server.</summary>
    Info = 1,

    /// <summary>Something works less well than it could.</summary>
    Warning = 2,
}
