using Culverin.Execute;
using Culverin.Guest;
using Culverin.Prove;
using Culverin.Versions;

namespace Culverin.Inspect.Explain;

/// <summary>What one step does, and why.</summary>
internal sealed record StepExplanation
{
    /// <summary>The rules.</summary>
    public required FeatureSet Features { get; init; }

    /// <summary>The step counter before it.</summary>
    public required ulong Step { get; init; }

    /// <summary>What kind of step it is.</summary>
    public required SchedulerStep Kind { get; init; }

    /// <summary>Whether the guest has ended before it: the step changes nothing.</summary>
    public bool IsPastEnd { get; init; }

    /// <summary>State hash before the step, 32 bytes.</summary>
    public required byte[] PreHash { get; init; }

    /// <summary>State hash after it, 32 bytes; null if it cannot be executed.</summary>
    public byte[]? PostHash { get; init; }

    /// <summary>Why it cannot be executed; null if it can.</summary>
    public GuestPanicException? Panic { get; init; }

    /// <summary>
    /// Why it is this thread's turn, or what is done instead of an instruction; a sentence.
    /// </summary>
    public required string Reason { get; init; }

    /// <summary>All threads before the step, the active one first.</summary>
    public required IReadOnlyList<ThreadView> Threads { get; init; }

    /// <summary>The function of each of <see cref="Threads"/>; empty where nobody knows.</summary>
    public required IReadOnlyList<string> ThreadFunctions { get; init; }

    /// <summary>The active thread's instruction; null for steps without one.</summary>
    public DisassembledInstruction? Instruction { get; init; }

    /// <summary>The function that the instruction leads to; null if to none.</summary>
    public string? TargetFunction { get; init; }

    /// <summary>The active thread's calls, innermost first.</summary>
    public required IReadOnlyList<StackFrame> Stack { get; init; }

    /// <summary>
    /// The registers after the step of the thread that was active before; null if it is gone.
    /// </summary>
    public ThreadView? After { get; init; }

    /// <summary>The words of memory that it accesses, in order.</summary>
    public required IReadOnlyList<MemoryAccess> Memory { get; init; }

    /// <summary>The system call that it makes; null for none.</summary>
    public SyscallRecord? Syscall { get; init; }

    /// <summary>The pre-image that it reads; null for none.</summary>
    public PreimageRead? Preimage { get; init; }

    /// <summary>Its proof; null if it cannot be executed, and past the end.</summary>
    public StepProof? Proof { get; init; }

    /// <summary>The active thread before the step.</summary>
    public ThreadView Before => Threads[0];
}

/// <summary>A word of memory that a step accesses.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Before">What it held.</param>
/// <param name="After">What it holds after the step.</param>
/// <param name="Object">The object that it belongs to; null where no symbol covers it.</param>
internal sealed record MemoryAccess(ulong Address, ulong Before, ulong After, ElfSymbol? Object);
