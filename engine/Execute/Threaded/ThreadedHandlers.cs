using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Culverin.Isa;

namespace Culverin.Execute.Threaded;

/// <summary>
/// The handlers of <see cref="ThreadedInterpreter{TWord}"/>: one generic method, an instance for each body,
/// and the way from one to the next.
/// </summary>
/// <remarks>
/// A handler ends by calling the next one in last position, which .NET's optimising compilers turn into a
/// jump; nothing promises that they do, so it is tried out (<see cref="IsUsable"/>).
/// </remarks>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal static unsafe class ThreadedHandlers<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const int OpcodeCount = 256;
    private const int ProbeLength = 64;

    /// <summary>Whether the way from handler to handler works, so that the stack does not grow.</summary>
    public static readonly bool IsUsable = IsWayUsable();

    /// <summary>Starts at an entry; comes back when the budget is spent or at a side exit.</summary>
    /// <param name="context">Receives where it stopped and the unspent budget.</param>
    /// <param name="current">The instruction to execute next.</param>
    /// <param name="next">The one after it.</param>
    /// <param name="memory">What <see cref="ThreadedPort{TWord}"/> takes as memory.</param>
    /// <param name="budget">Steps to execute, at least 1.</param>
    public static void Dispatch(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget)
    {
        ((delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[current->Opcode])(context, current, next, memory, budget);
    }

    /// <summary>Gives every opcode number the handler that is a side exit.</summary>
    public static void FillWithSideExits(ThreadedContext<TWord>* context)
    {
        for (int opcode = 0; opcode < OpcodeCount; opcode++)
        {
            context->Handlers[opcode] = SideExitHandler;
        }
    }

    private static ulong SideExitHandler =>
        (ulong)(delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)&Leave;

    private static ulong HandlerOf<TInstruction>()
        where TInstruction : struct, IInstruction =>
        (ulong)(delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
            &Run<TInstruction>;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TInstruction>(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget)
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

        ((delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
            context->Handlers[next->Opcode])(context, next, target, memory, budget);
    }

    // Null at a side exit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Instruction* Execute<TInstruction>(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory)
        where TInstruction : struct, IInstruction
    {
        var machine = new DirectMachine<TWord, ThreadedPort<TWord>>(
            new ThreadedPort<TWord>(context, current, next, memory));
        TInstruction.Execute<DirectMachine<TWord, ThreadedPort<TWord>>, TWord>(ref machine, *current);
        return machine.Port.SideExit ? null : machine.Port.Target;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Leave(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget)
    {
        context->Current = current;
        context->Next = next;
        context->BudgetLeft = budget;
    }

    // Runs real handlers, no-operations ended by one that measures how much deeper the stack is than here.
    private static bool IsWayUsable()
    {
        var context =
            (ThreadedContext<TWord>*)NativeMemory.AllocZeroed((nuint)sizeof(ThreadedContext<TWord>));
        var code = (Instruction*)NativeMemory.AllocZeroed((nuint)(sizeof(Instruction) * (ProbeLength + 2)));
        try
        {
            FillWithSideExits(context);
            context->Handlers[1] = HandlerOf<Or>();
            context->Handlers[0] =
                (ulong)(delegate*<ThreadedContext<TWord>*, Instruction*, Instruction*, byte*, long, void>)
                    &Measure;
            for (int index = 0; index < ProbeLength; index++)
            {
                code[index] = new Instruction(1, InstructionFormat.Register, 0);
            }

            int here = 0;
            Dispatch(context, code, code + 1, null, ProbeLength * 2);
            long depth = (byte*)&here - (byte*)context->Current;
            return context->BudgetLeft == ProbeLength && depth is > -ProbeLength * 16 and < ProbeLength * 16;
        }
        finally
        {
            NativeMemory.Free(code);
            NativeMemory.Free(context);
        }
    }

    // SAFETY: the address only tells how deep the stack is; nothing reads through it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Measure(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory, long budget)
    {
        int here = 0;
        Leave(context, (Instruction*)&here, next, memory, budget);
    }

    /// <summary>Fills a context's table with one handler per body.</summary>
    public struct TableFiller(ThreadedContext<TWord>* context) : IInstructionVisitor
    {
        private int _opcode;

        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction
        {
            _opcode++;
            context->Handlers[_opcode] = HandlerOf<TInstruction>();
        }
    }
}
