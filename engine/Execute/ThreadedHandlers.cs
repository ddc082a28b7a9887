using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Culverin.Isa;

namespace Culverin.Execute;

/// <summary>
/// The handlers that <see cref="ThreadedInterpreter{TWord}"/> chains: one generic method, one instance a body.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal static unsafe class ThreadedHandlers<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const int ProbeLength = 64;
    private const int OpcodeCount = 256;

    /// <summary>Whether handlers chain by jumps here, so that the stack does not grow with the steps.</summary>
    public static readonly bool ChainByJumps = TryChain();

    /// <summary>Starts a chain at an entry; comes back when the budget is spent or something is odd.</summary>
    public static void Dispatch(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget) =>
        ((delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[current->Opcode])(context, current, next, memory, budget);

    /// <summary>Gives every opcode number the handler that ends the chain.</summary>
    public static void FillWithLeave(ThreadedContext<TWord>* context)
    {
        for (int opcode = 0; opcode < OpcodeCount; opcode++)
        {
            context->Handlers[opcode] =
                (ulong)(delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)&Leave;
        }
    }

    /// <summary>Ends a chain before the current entry. Also the handler of entries not yet decoded.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget)
    {
        context->Current = current;
        context->Next = next;
        context->BudgetLeft = budget;
    }

    // Tries the chain out on a few harmless entries and measures whether the stack grows with them.
    private static bool TryChain()
    {
        var context = (ThreadedContext<TWord>*)NativeMemory.AllocZeroed((nuint)sizeof(ThreadedContext<TWord>));
        var code = (Instruction*)NativeMemory.AllocZeroed((nuint)(sizeof(Instruction) * (ProbeLength + 2)));
        try
        {
            for (int opcode = 0; opcode < OpcodeCount; opcode++)
            {
                context->Handlers[opcode] =
                    (ulong)(delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)&Probe;
            }

            Dispatch(context, code, code + 1, null, ProbeLength);
            long growth = (byte*)context->Next - (byte*)context->Current;
            return growth is > -256 and < 256;
        }
        finally
        {
            NativeMemory.Free(code);
            NativeMemory.Free(context);
        }
    }

    // Like Run, but notes in Next where its stack was at the start and in Current where it is at the end.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Probe(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget)
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

        ((delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[next->Opcode])(context, next, next + 1, memory, budget - 1);
    }

    // SAFETY: the address only tells how deep the stack is; nothing reads through it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Instruction* StackMark()
    {
        int here = 0;
        return (Instruction*)&here;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TInstruction>(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget)
        where TInstruction : struct, IInstruction
    {
        var machine = new DirectMachine<TWord, ThreadedPort<TWord>>(
            new ThreadedPort<TWord>(context, current, next, memory));
        TInstruction.Execute<DirectMachine<TWord, ThreadedPort<TWord>>, TWord>(ref machine, *current);
        if (machine.Port.Odd)
        {
            Leave(context, current, next, memory, budget);
            return;
        }

        Instruction* target = machine.Port.Target;
        if (--budget == 0)
        {
            Leave(context, next, target, memory, budget);
            return;
        }

        ((delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[next->Opcode])(context, next, target, memory, budget);
    }

    /// <summary>Fills a context's table with one handler a body.</summary>
    public struct TableFiller(ThreadedContext<TWord>* context) : IInstructionVisitor
    {
        private int _opcode;

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction
        {
            _opcode++;
            context->Handlers[_opcode] =
                (ulong)(delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
                    &Run<TInstruction>;
        }
    }
}
