using Culverin.Prove;
using Culverin.Run;
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
    /// <see cref="ErrorCode.InvalidState"/>, <see cref="ErrorCode.UnsupportedVersion"/>,
    /// <see cref="ErrorCode.FileAccess"/>; what opening the pre-image source throws; and
    /// <see cref="ErrorCode.HostResource"/> when the chosen engine cannot be had.
    /// </exception>
    IEngineMachine LoadState(string path, MachineOptions options);

    /// <summary>Loads a state from memory; its content tells the format, compressed or not.</summary>
    /// <exception cref="CulverinException">As <see cref="LoadState(string, MachineOptions)"/>.</exception>
    IEngineMachine LoadState(ReadOnlySpan<byte> content, MachineOptions options);

    /// <summary>Makes the first state of the program in a file.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidElf"/>, <see cref="ErrorCode.FileAccess"/>, or as
    /// <see cref="LoadState(string, MachineOptions)"/>.
    /// </exception>
    IEngineMachine LoadElf(string path, StateVersion version, MachineOptions options);

    /// <summary>Makes the first state of a program in memory.</summary>
    /// <exception cref="CulverinException">
    /// As <see cref="LoadElf(string, StateVersion, MachineOptions)"/>.
    /// </exception>
    IEngineMachine LoadElf(ReadOnlySpan<byte> content, StateVersion version, MachineOptions options);

    /// <summary>
    /// Begins a trace index in a folder of the caller's, or opens the one that is there.
    /// </summary>
    /// <param name="folder">The folder; made if need be.</param>
    /// <param name="first">
    /// A machine of this engine that has not run; it stays the caller's. Null to open what is there.
    /// </param>
    /// <param name="machine">What the trace's machines are connected to.</param>
    /// <param name="options">How.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, also when another process uses the folder;
    /// <see cref="ErrorCode.InvalidArgument"/> when it holds another trace, or one of another input;
    /// <see cref="ErrorCode.InvalidState"/> when its first state is missing or damaged.
    /// </exception>
    ITraceIndex OpenTrace(
        string folder, IEngineMachine? first, MachineOptions machine, TraceOptions options);

    /// <summary>Checks a proof from itself alone, by the rules of a version.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidProof"/> for wrong sizes, <see cref="ErrorCode.ProofRejected"/> when it
    /// does not fit its state, <see cref="ErrorCode.GuestPanic"/> when the step cannot be executed.
    /// </exception>
    void Verify(StateVersion version, StepProof proof);

    /// <summary>
    /// Reads a program without running it: the report of `culverin analyze --json`.
    /// </summary>
    /// <param name="elf">The program.</param>
    /// <param name="version">The state version; null for all.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/> and its kin.</exception>
    string Analyze(ReadOnlySpan<byte> elf, StateVersion? version);

    /// <summary>The hash of a state file, 32 bytes: what a game's contract names as its prestate.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/>, <see cref="ErrorCode.UnsupportedVersion"/>,
    /// <see cref="ErrorCode.FileAccess"/>.
    /// </exception>
    byte[] PrestateHash(string path);

    /// <summary>
    /// Runs recorded programs and compares their ends with the reference's; proves a step and checks it.
    /// </summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.HostResource"/>: this build or host computes something wrong.
    /// </exception>
    void SelfTest();
}
