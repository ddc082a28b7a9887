using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Culverin.Isa;
using Culverin.State;

namespace Culverin.Execute.Threaded;

/// <summary>
/// What the handlers of <see cref="ThreadedInterpreter{TWord}"/> reach from their base register: the
/// registers at the start, the interpreter's own fields behind them, all in the state's native block.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ThreadedContext<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // SAFETY: what it points to, decode cache and guest memory, belongs to the interpreter that fills it in
    // or to the image, and both outlive every run.
    /// <summary>Registers; must stay first.</summary>
    public CpuState<TWord> Cpu;

    /// <summary>The reservation, where the thread table has it; must stay second.</summary>
    public LinkReservation<TWord> Reservation;

    /// <summary>Whether there are threads, and so reservations that can fail.</summary>
    public bool HasThreads;

    /// <summary>Host address of the decode cache's entry for guest address 0.</summary>
    public Instruction* CodeOrigin;

    /// <summary>
    /// Flags of a flat memory's page 0; null for a sparse memory, whose slots have their own.
    /// </summary>
    public PageFlags* PageFlags;

    /// <summary>On leaving: the entry of the instruction to execute next.</summary>
    public Instruction* Current;

    /// <summary>On leaving: the entry of the one after it.</summary>
    public Instruction* Next;

    /// <summary>On leaving: steps of the budget not used.</summary>
    public long BudgetLeft;

    /// <summary>Handlers by opcode number; the tail of the block.</summary>
    public HandlerTable Handlers;
}

/// <summary>256 handler addresses.</summary>
[InlineArray(256)]
internal struct HandlerTable
{
    private ulong _handler0;
}
