using Culverin.Analyze.Values;

namespace Culverin.Analyze;

/// <summary>A system call instruction and what is known in front of it.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Number">r2, the call's number.</param>
/// <param name="SecondArgument">r5.</param>
internal sealed record SyscallInstruction(ulong Address, AbstractValue Number, AbstractValue SecondArgument);

/// <summary>What reading a function tells.</summary>
internal sealed class FunctionFacts
{
    /// <summary>Numbers of functions that it calls, jumps or falls into at their start.</summary>
    public List<int> LeadsTo { get; } = [];

    /// <summary>Numbers of functions that it jumps into behind their start.</summary>
    public List<int> LeadsInside { get; } = [];

    /// <summary>
    /// Numbers of functions whose addresses it computes, without those that it computes only to call them.
    /// </summary>
    public List<int> AddressesTaken { get; } = [];

    /// <summary>Its system call instructions.</summary>
    public List<SyscallInstruction> Syscalls { get; } = [];

    /// <summary>The first address outside of all functions that it jumps to; null for none.</summary>
    public ulong? Stray { get; set; }
}
