using System.Runtime.InteropServices;
using Culverin.Isa;
using Culverin.State;

namespace Culverin.Execute;

/// <summary>
/// What the handlers of <see cref="ThreadedInterpreter"/> reach from their base register: the registers at
/// the start, the interpreter's own fields behind them, all in the state's native block.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ThreadedContext
{
    /// <summary>Registers; must stay first.</summary>
    public CpuState<uint> Cpu;

    // SAFETY: code cache and memory live as long as the interpreter that fills these in; Current and Next
    // stay inside the code cache (see CodeCache.EdgeBytes).
    /// <summary>Host address of the code cache's entry for guest address 0.</summary>
    public Instruction* CodeOrigin;

    /// <summary>Flags of the memory's page 0.</summary>
    public PageFlags* PageFlags;

    /// <summary>On leaving: the entry of the instruction to execute next.</summary>
    public Instruction* Current;

    /// <summary>On leaving: the entry of the one after it.</summary>
    public Instruction* Next;

    /// <summary>On leaving: steps of the budget not used.</summary>
    public long BudgetLeft;

    /// <summary>Handlers by opcode number; the tail of the block.</summary>
    public fixed ulong Handlers[256];
}
