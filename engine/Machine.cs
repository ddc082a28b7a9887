using System;
using System.Threading;
using Culverin.Execute;
using Culverin.Guest;
using Culverin.Oracle;
using Culverin.Prove;
using Culverin.State;
using Culverin.Translate;
using Culverin.Versions;

namespace Culverin;

/// <summary>What a machine is connected to.</summary>
public sealed record MachineOptions
{
    /// <summary>
    /// Where pre-images come from; without one, a guest that asks ends the run with an error.
    /// </summary>
    public IPreimageOracle Oracle { get; init; } = NoOracle.Instance;

    /// <summary>Who takes the guest's output; null to drop it.</summary>
    public IGuestOutput? Output { get; init; }

    /// <summary>Symbols of the program; used to recognise a Go runtime that waits for itself.</summary>
    public SymbolTable Symbols { get; init; } = SymbolTable.Empty;

    /// <summary>How ordinary steps are executed.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>What a translator is free to choose.</summary>
    internal TranslatorTuning Tuning { get; init; } = TranslatorTuning.Default;
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

/// <summary>How far to run.</summary>
public sealed record RunLimits
{
    /// <summary>Step counter to stop at.</summary>
    public ulong UntilStep { get; init; } = ulong.MaxValue;

    /// <summary>Whether to stop after each step that reads a pre-image.</summary>
    public bool StopAfterPreimageRead { get; init; }

    /// <summary>Ends the run between two steps; noticed within milliseconds.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Why a run returned.</summary>
public enum StopReason
{
    /// <summary>The step counter reached the limit.</summary>
    StepReached,

    /// <summary>The guest exited.</summary>
    Exited,

    /// <summary>A step read a pre-image.</summary>
    PreimageRead,
}

/// <summary>
/// A virtual machine with a program in it: runs, commits to its state, proves its next step.
/// </summary>
/// <remarks>
/// Different machines are independent; one machine is for one thread at a time, but may move between threads.
/// After an error the machine is in the state before the step that failed. Disposing it disposes the image it
/// was made from, but not the oracle.
/// </remarks>
public abstract class Machine : IDisposable
{
    private protected Machine(MachineImage image) => Image = image;

    /// <summary>State and memory; may be saved between runs.</summary>
    public MachineImage Image { get; }

    /// <summary>The rules it runs by.</summary>
    public FeatureSet Features => Image.Features;

    /// <summary>Steps executed since the program's start.</summary>
    public abstract ulong Step { get; }

    /// <summary>Whether the guest has ended.</summary>
    public abstract bool Exited { get; }

    /// <summary>The guest's exit code.</summary>
    public abstract byte ExitCode { get; }

    /// <summary>Address of the instruction to execute next.</summary>
    public abstract ulong ProgramCounter { get; }

    /// <summary>Pages of 4096 bytes in the guest's memory.</summary>
    public int PageCount => Image.Memory.PageCount;

    /// <summary>How often the oracle was asked for a pre-image.</summary>
    public abstract ulong PreimageRequestCount { get; }

    /// <summary>Bytes of all pre-images received, with their length prefixes.</summary>
    public abstract ulong PreimageTotalBytes { get; }

    /// <summary>The pre-image read by the last executed step; null if it read none.</summary>
    public abstract PreimageRead? LastPreimageRead { get; }

    /// <summary>
    /// Why ordinary steps are interpreted although machine code was asked for or would be tried; null if they
    /// are not.
    /// </summary>
    public abstract string? TranslatorRefusal { get; }

    /// <summary>Makes a machine; it takes the image over.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.HostResource"/> if <see cref="EngineKind.Translator"/> cannot be had.
    /// </exception>
    public static Machine Create(MachineImage image, MachineOptions options) => image switch
    {
        MachineImage<uint> image32 => new LiveMachine<uint>(image32, options),
        MachineImage<ulong> image64 => new LiveMachine<ulong>(image64, options),
        _ => throw new CulverinException(
            ErrorCode.UnsupportedVersion, $"State version {(byte)image.Features.Version} cannot be run."),
    };

    /// <summary>Runs until a limit, or the guest's end.</summary>
    /// <exception cref="GuestPanicException">A step cannot be executed.</exception>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.PreimageServer"/> and its kin from the oracle, <see
    /// cref="ErrorCode.InfiniteLoop"/>,
    /// <see cref="ErrorCode.Cancelled"/>.
    /// </exception>
    public abstract StopReason Run(RunLimits limits);

    /// <summary>Executes one step the slow way, which is the specification of all others.</summary>
    public abstract void ExecuteStep();

    /// <summary>The bytes the state hash commits to.</summary>
    public abstract byte[] Witness();

    /// <summary>The state hash, 32 bytes; the first is the <see cref="MachineStatus"/>.</summary>
    public byte[] StateHash() => State.StateHash.Compute(Witness(), Exited, ExitCode);

    /// <summary>Executes one step and returns its proof.</summary>
    /// <exception cref="CulverinException">As <see cref="Run"/>.</exception>
    public abstract StepProof Prove();

    /// <summary>
    /// Takes the hashes of all dirty pages as known, after somebody has replaced the image's state.
    /// </summary>
    internal abstract void Adopt(PageRoots known);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases memory.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Image.Dispose();
        }
    }
}
