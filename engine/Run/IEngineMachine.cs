using Culverin.Prove;
using Culverin.Versions;

namespace Culverin.Run;

/// <summary>A machine with a program in it: runs, commits to its state, proves its next step.</summary>
/// <remarks>
/// Different machines are independent. One machine is for one thread at a time; it may move between threads.
/// After an error it is in the state before the step that failed.
/// </remarks>
public interface IEngineMachine : IDisposable
{
    /// <summary>Steps executed since the program's start, modulo 2^64.</summary>
    ulong Step { get; }

    /// <summary>Its step, program counter, size and pre-images, as they are now.</summary>
    MachineSummary Describe();

    /// <summary>Runs until a limit, or the guest's end.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.GuestPanic"/>: a step cannot be executed; <see cref="ErrorCode.InfiniteLoop"/>;
    /// <see cref="ErrorCode.PreimageServer"/> and its kin from the source of pre-images;
    /// <see cref="ErrorCode.LimitExceeded"/> when the guest's memory would grow beyond its limit;
    /// <see cref="ErrorCode.Cancelled"/>.
    /// </exception>
    StopReason Run(RunLimits limits);

    /// <summary>The state hash, 32 bytes; the first tells how the guest has ended, if it has.</summary>
    byte[] StateHash();

    /// <summary>The bytes that the state hash commits to.</summary>
    byte[] Witness();

    /// <summary>Executes one step and returns its proof.</summary>
    /// <exception cref="CulverinException">As <see cref="Run"/>.</exception>
    StepProof Prove();

    /// <summary>Writes a state file, replaced whole or not at all; the name decides its format.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>; <see cref="ErrorCode.UnsupportedVersion"/> for JSON of a version
    /// that has none.
    /// </exception>
    void Save(string path);

    /// <summary>
    /// Ends the pre-image source that was opened for the machine: a server stops, a recording is completed.
    /// Disposing does so too, but without telling errors.
    /// </summary>
    /// <exception cref="CulverinException">The recording could not be completed.</exception>
    void FinishPreimages();
}

/// <summary>Where a machine is.</summary>
public sealed record MachineSummary
{
    /// <summary>The rules it runs by.</summary>
    public required StateVersion Version { get; init; }

    /// <summary>Steps executed since the program's start.</summary>
    public required ulong Step { get; init; }

    /// <summary>Address of the instruction to execute next.</summary>
    public required ulong ProgramCounter { get; init; }

    /// <summary>Whether the guest has ended.</summary>
    public required bool Exited { get; init; }

    /// <summary>The guest's exit code.</summary>
    public required byte ExitCode { get; init; }

    /// <summary>Pages of 4096 bytes in the guest's memory.</summary>
    public required int PageCount { get; init; }

    /// <summary>How often the source was asked for a pre-image.</summary>
    public required ulong PreimageRequestCount { get; init; }

    /// <summary>Bytes of all pre-images received, with their length prefixes.</summary>
    public required ulong PreimageTotalBytes { get; init; }

    /// <summary>Key of the pre-image that the last executed step read, 32 bytes; null if none.</summary>
    public byte[]? LastPreimageKey { get; init; }

    /// <summary>Where in it that step read; counts the length prefix.</summary>
    public ulong LastPreimageOffset { get; init; }
}
