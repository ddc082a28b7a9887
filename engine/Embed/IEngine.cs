using System;
using System.Collections.Generic;
using System.Threading;
using Culverin.Prove;
using Culverin.Trace;
using Culverin.Versions;

namespace Culverin.Embed;

/// <summary>
/// The engine as a program that embeds it sees it. <see cref="ManagedEngine"/> runs in this runtime; the
/// package Culverin.Native has another that calls the native library. Both give the same results, so one can
/// take the other's place by changing one line.
/// </summary>
/// <remarks>Stateless and thread-safe; machines and traces are for one thread at a time.</remarks>
public interface IEngine
{
    /// <summary>The state versions that it runs, ascending.</summary>
    IReadOnlyList<FeatureSet> Versions { get; }

    /// <summary>Loads a state file; the name decides its format.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="Files.StateFile.Read(string)"/>; from the pre-image source; and
    /// <see cref="ErrorCode.HostResource"/> when the chosen engine cannot be had.
    /// </exception>
    IEngineMachine LoadState(string path, EngineSettings settings);

    /// <summary>Loads a state from memory; its content tells the format, compressed or not.</summary>
    /// <exception cref="CulverinException">As <see cref="LoadState(string, EngineSettings)"/>.</exception>
    IEngineMachine LoadState(ReadOnlySpan<byte> content, EngineSettings settings);

    /// <summary>Makes the first state of the program in a file.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidElf"/>, <see cref="ErrorCode.FileAccess"/>, or as
    /// <see cref="LoadState(string, EngineSettings)"/>.
    /// </exception>
    IEngineMachine LoadElf(string path, StateVersion version, EngineSettings settings);

    /// <summary>Makes the first state of a program in memory.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="LoadElf(string, StateVersion, EngineSettings)"/>.
    /// </exception>
    IEngineMachine LoadElf(ReadOnlySpan<byte> content, StateVersion version, EngineSettings settings);

    /// <summary>
    /// Begins a trace index in a folder of the caller's, or opens the one that is there.
    /// </summary>
    /// <param name="folder">The folder; made if need be.</param>
    /// <param name="first">
    /// A machine of this engine that has not run; it stays the caller's. Null to open what is there.
    /// </param>
    /// <param name="settings">The machines' output and pre-images.</param>
    /// <param name="options">How; its machine and source are taken from the settings.</param>
    /// <exception cref="CulverinException">As <see cref="TraceIndex.Create"/>.</exception>
    ITraceIndex OpenTrace(
        string folder, IEngineMachine? first, EngineSettings settings, TraceOptions options);

    /// <summary>Checks a proof from itself alone, by the rules of a version.</summary>
    /// <exception cref="CulverinException">As <see cref="StepVerifier.Verify"/>.</exception>
    void Verify(StateVersion version, StepProof proof);

    /// <summary>
    /// Reads a program without running it: the report of `culverin analyze --json`.
    /// </summary>
    /// <param name="elf">The program.</param>
    /// <param name="version">The state version; null for all.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/> and its kin.</exception>
    string Analyze(ReadOnlySpan<byte> elf, StateVersion? version);

    /// <summary>The hash of a state file, 32 bytes: what a game's contract names as its prestate.</summary>
    /// <exception cref="CulverinException">As <see cref="Files.StateFile.Read(string)"/>.</exception>
    byte[] PrestateHash(string path);

    /// <summary>
    /// Runs recorded programs and compares their ends with the reference's; proves a step and checks it.
    /// </summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.HostResource"/>: this build or host computes something wrong.
    /// </exception>
    void SelfTest();
}

/// <summary>A machine with a program in it.</summary>
/// <remarks>
/// For one thread at a time; it may move between threads. After an error it is in the state before the step
/// that failed.
/// </remarks>
public interface IEngineMachine : IDisposable
{
    /// <summary>Steps executed since the program's start.</summary>
    ulong Step { get; }

    /// <summary>Where it is.</summary>
    MachineSummary Describe();

    /// <summary>Runs until a limit, or the guest's end.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="Machine.Run"/>; <see cref="ErrorCode.LimitExceeded"/> when the guest's memory would
    /// grow beyond its budget.
    /// </exception>
    RunEnd Run(RunBudget budget);

    /// <summary>The state hash, 32 bytes.</summary>
    byte[] StateHash();

    /// <summary>The bytes that the state hash commits to.</summary>
    byte[] Witness();

    /// <summary>Executes one step and returns its proof.</summary>
    /// <exception cref="CulverinException">As <see cref="Machine.Run"/>.</exception>
    StepProof Prove();

    /// <summary>Writes a state file, replaced whole or not at all; the name decides its format.</summary>
    /// <exception cref="CulverinException">As <see cref="Files.StateFile.Write"/>.</exception>
    void Save(string path);

    /// <summary>
    /// Ends the pre-image source: a server stops, a recording is completed. Disposing does so too, but
    /// without telling errors.
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

/// <summary>How far to run, and what it may cost.</summary>
public sealed record RunBudget
{
    /// <summary>Step counter to stop at.</summary>
    public ulong UntilStep { get; init; } = ulong.MaxValue;

    /// <summary>Whether to stop after each step that reads a pre-image.</summary>
    public bool StopAfterPreimageRead { get; init; }

    /// <summary>How long to run, to some milliseconds; 0 for no deadline.</summary>
    public ulong TimeoutMilliseconds { get; init; }

    /// <summary>Most bytes of the guest's memory; 0 for no limit.</summary>
    public ulong MemoryBytesMax { get; init; }

    /// <summary>Told the machine's place every few million steps.</summary>
    public IProgress<MachineProgress>? Progress { get; init; }

    /// <summary>
    /// Ends the run between two steps. The run may be continued, but a pre-image server is stopped.
    /// </summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How far a run has come.</summary>
/// <param name="Step">The machine's step.</param>
/// <param name="PageCount">Pages of 4096 bytes in the guest's memory.</param>
public readonly record struct MachineProgress(ulong Step, int PageCount);

/// <summary>Why a run returned; values are never reused or renumbered.</summary>
public enum RunEnd
{
    /// <summary>The step counter reached the limit.</summary>
    StepReached = 1,

    /// <summary>The guest exited.</summary>
    Exited = 2,

    /// <summary>A step read a pre-image.</summary>
    PreimageRead = 3,

    /// <summary>The time was up; the run may be continued.</summary>
    DeadlinePassed = 4,
}
