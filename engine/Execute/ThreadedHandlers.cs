using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Culverin.Isa;

namespace Culverin.Execute;

/// <summary>
/// The handlers that <see cref="ThreadedInterpreter"/> chains: one generic method, one instance a body.
/// </summary>
internal static unsafe class ThreadedHandlers
{
    private const int ProbeLength = 64;
    private const int OpcodeCount = 256;

    /// <summary>
    /// Starts a chain at an entry; comes back when the budget is spent or something is odd.
    /// </summary>
    public static void Dispatch(
        ThreadedContext* context, Instruction* current, Instruction* next, byte* memory, long budget) =>
        ((delegate*<ThreadedContext*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[current->Opcode])(context, current, next, memory, budget);

    // SAFETY: the table has an entry for every value of the opcode byte, filled before the first dispatch.
    /// <summary>Gives every opcode number the handler that ends the chain.</summary>
    public static void FillWithLeave(ThreadedContext* context)
    {
        for (int opcode = 0; opcode < OpcodeCount; opcode++)
        {
            context->Handlers[opcode] =
                (ulong)(delegate*<ThreadedContext*, Instruction*, Instruction*, byte*, long, void>)&Leave;
        }
    }

    /// <summary>Ends a chain before the current entry. Also the handler of entries not yet decoded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Leave(
        ThreadedContext* context, Instruction* current, Instruction* next, byte* memory, long budget)
    {
        context->Current = current;
        context->Next = next;
        context->BudgetLeft = budget;
    }

    /// <summary>
    /// Tries the chain out on a few harmless instructions and measures whether the stack grows with them.
    /// </summary>
    public static bool ChainByJumps()
    {
        void* block = NativeMemory.AllocZeroed((nuint)sizeof(ThreadedContext));
        var code = (Instruction*)NativeMemory.AllocZeroed((nuint)(sizeof(Instruction) * (ProbeLength + 2)));
        try
        {
            var context = (ThreadedContext*)block;
            for (int opcode = 0; opcode < OpcodeCount; opcode++)
            {
                context->Handlers[opcode] =
                    (ulong)(delegate*<ThreadedContext*, Instruction*, Instruction*, byte*, long, void>)&Probe;
            }

            Dispatch(context, code, code + 1, null, ProbeLength);
            long growth = (byte*)context->Next - (byte*)context->Current;
            return growth is > -256 and < 256;
        }
        finally
        {
            NativeMemory.Free(code);
            NativeMemory.Free(block);
        }
    }

    // Like Run, but notes in Next where its stack was at the start and in Current where it is at the end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Probe(
        ThreadedContext* context, Instruction* current, Instruction* next, byte* memory, long budget)
    {
        if (budget == ProbeLength)
        {
            context->Next = StackMark();
        }

        if (budget == 0)
        {
            context->Current = StackMark();
            return;
        }

        ((delegate*<ThreadedContext*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[next->Opcode])(context, next, next + 1, memory, budget - 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* StackMark()
    {
        int here = 0;
        return (Instruction*)&here;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TInstruction>(
        ThreadedContext* context, Instruction* current, Instruction* next, byte* memory, long budget)
        where TInstruction : struct, IInstruction
    {
        Instruction* target = Execute<TInstruction>(context, current, next, memory);
        if (target == null)
        {
            Leave(context, current, next, memory, budget);
            return;
        }

        if (--budget == 0)
        {
            Leave(context, next, target, memory, budget);
            return;
        }

        ((delegate*<ThreadedContext*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[next->Opcode])(context, next, target, memory, budget);
    }

    // Null when something is odd. The machine is a local whose address is taken: compilers before .NET 10 turn
    // no call into a jump in a method that has one, inlined or not, and the stack would overflow.
#if NET10_0_OR_GREATER
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
#else
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
#endif
    private static Instruction* Execute<TInstruction>(
        ThreadedContext* context, Instruction* current, Instruction* next, byte* memory)
        where TInstruction : struct, IInstruction
    {
        var machine = new DirectMachine<uint, ThreadedPort>(new ThreadedPort(context, current, next, memory));
        TInstruction.Execute<DirectMachine<uint, ThreadedPort>, uint>(ref machine, *current);
        return machine.Port.Odd ? null : machine.Port.Target;
    }

    /// <summary>Fills a context's table with one handler a body.</summary>
    public struct TableFiller(ThreadedContext* context) : IInstructionVisitor
    {
        private int _opcode;

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction
        {
            _opcode++;
            context->Handlers[_opcode] =
                (ulong)(delegate*<ThreadedContext*, Instruction*, Instruction*, byte*, long, void>)
                    &Run<TInstruction>;
        }
    }
}
