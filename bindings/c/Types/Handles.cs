namespace Culverin.Abi.Types;

/// <summary>
/// A machine with a program in it. One thread at a time; it may move between threads. A second thread that
/// calls meanwhile gets CULVERIN_E_MISUSE. Machines are independent of each other.
/// </summary>
internal readonly struct MachineHandle;

/// <summary>The proof of one step. Immutable: any number of threads at once.</summary>
internal readonly struct ProofHandle;

/// <summary>
/// Hash, proof and end of a run, from checkpoints in a folder. One thread at a time, as a machine.
/// </summary>
internal readonly struct TraceHandle;

/// <summary>What was found in a program. Immutable: any number of threads at once.</summary>
internal readonly struct AnalysisHandle;

/// <summary>Ends runs from outside. Any thread at any time, also while a run uses it.</summary>
internal readonly struct CancelHandle;
