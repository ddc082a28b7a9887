using System.Numerics;
using Culverin.Isa;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>
/// Whose turn it is in multithreaded versions (VM-SPEC 5.2 and 5.3). Some steps execute no instruction: they
/// remove an exited thread, look at a waiting one, walk on in search of waiters, or end a turn.
/// </summary>
internal static class Scheduler
{
    /// <summary>Instructions in a turn.</summary>
    public const ulong QuantumSteps = 100_000;

    private const int ResultRegister = 2;
    private const int ErrorRegister = 7;

    /// <summary>What the next step does; steps of versions without threads execute instructions.</summary>
    public static SchedulerStep NextStep<TWord>(ThreadTable<TWord> threads, FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        ThreadState<TWord> thread = threads.Active;
        if (features.HasFutexState && threads.Wakeup != TWord.AllBitsSet)
        {
            return SchedulerStep.SeekWaiter;
        }

        if (thread.Exited)
        {
            return SchedulerStep.RemoveExited;
        }

        if (features.HasFutexState && thread.IsWaiting)
        {
            return SchedulerStep.LookAtWaiting;
        }

        return threads.StepsSinceLastContextSwitch >= QuantumSteps
            ? SchedulerStep.EndTurn
            : SchedulerStep.Instruction;
    }

    /// <summary>Does what a step without an instruction does, if it is time for one.</summary>
    /// <returns>Whether the step is over.</returns>
    public static bool TakesStep<TWord, TAccess>(ref StatePort<TWord, TAccess> port, FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
        where TAccess : class, IStateAccess<TWord>
    {
        ThreadTable<TWord> threads = port.State.Threads!;
        ThreadState<TWord> thread = threads.Active;
        switch (NextStep(threads, features))
        {
            case SchedulerStep.SeekWaiter:
                TraverseForWakeup(threads, thread);
                return true;
            case SchedulerStep.RemoveExited:
                port.TrapIf(IsLastThread(threads), TrapReason.NoActiveThread);
                Pop(threads);
                return true;
            case SchedulerStep.LookAtWaiting:
                LookAtWaiting(ref port, threads, thread, features);
                return true;
            case SchedulerStep.EndTurn:
                _ = Preempt(threads);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Moves the active thread to the other stack.</summary>
    /// <returns>Whether the direction changed because no thread was left on this side.</returns>
    public static bool Preempt<TWord>(ThreadTable<TWord> threads)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        threads.SaveActive();
        threads.OtherStack.Push(threads.ActiveStack.Pop());
        return EndTurn(threads);
    }

    /// <summary>Puts a new thread on top of the active stack, so that it runs next.</summary>
    public static void Push<TWord>(ThreadTable<TWord> threads, ThreadState<TWord> thread)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        threads.SaveActive();
        threads.ActiveStack.Push(thread);
        threads.StepsSinceLastContextSwitch = 0;
        threads.LoadActive();
    }

    /// <summary>Whether the active thread is the only one.</summary>
    public static bool IsLastThread<TWord>(ThreadTable<TWord> threads)
        where TWord : unmanaged, IBinaryInteger<TWord> =>
        threads.OtherStack.IsEmpty && threads.ActiveStack.IsOnlyTop;

    /// <summary>Reads the value that a futex compares; this is the step's memory access.</summary>
    public static ulong LoadFutexValue<TWord, TAccess>(
        ref StatePort<TWord, TAccess> port, TWord address, FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
        where TAccess : class, IStateAccess<TWord>
    {
        Width width = features.FutexValueSizeBytes == sizeof(uint) ? Width.Word : Width.Doubleword;
        return ulong.CreateTruncating(port.Load(address, width));
    }

    private static void Pop<TWord>(ThreadTable<TWord> threads)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        threads.SaveActive();
        _ = threads.ActiveStack.Pop();
        _ = EndTurn(threads);
    }

    private static bool EndTurn<TWord>(ThreadTable<TWord> threads)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        bool changes = threads.ActiveStack.IsEmpty;
        if (changes)
        {
            threads.TraverseRight = !threads.TraverseRight;
        }

        threads.StepsSinceLastContextSwitch = 0;
        threads.LoadActive();
        return changes;
    }

    private static void TraverseForWakeup<TWord>(ThreadTable<TWord> threads, ThreadState<TWord> thread)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        if (threads.Wakeup == thread.FutexAddress)
        {
            // Its next step looks at the value itself.
            threads.Wakeup = TWord.AllBitsSet;
            return;
        }

        bool wasRight = threads.TraverseRight;
        bool changed = Preempt(threads);
        if (wasRight && changed)
        {
            threads.Wakeup = TWord.AllBitsSet;
        }
    }

    private static void LookAtWaiting<TWord, TAccess>(
        ref StatePort<TWord, TAccess> port,
        ThreadTable<TWord> threads,
        ThreadState<TWord> thread,
        FeatureSet features)
        where TWord : unmanaged, IBinaryInteger<TWord>
        where TAccess : class, IStateAccess<TWord>
    {
        if (port.State.Step + 1 > thread.FutexTimeoutStep)
        {
            CompleteWait(ref port, thread, TWord.AllBitsSet, TWord.CreateTruncating(Errno.TimedOut));
        }
        else if (LoadFutexValue(ref port, thread.FutexAddress, features) == thread.FutexValue)
        {
            _ = Preempt(threads);
        }
        else
        {
            CompleteWait(ref port, thread, TWord.Zero, TWord.Zero);
        }
    }

    private static unsafe void CompleteWait<TWord, TAccess>(
        ref StatePort<TWord, TAccess> port, ThreadState<TWord> thread, TWord result, TWord error)
        where TWord : unmanaged, IBinaryInteger<TWord>
        where TAccess : class, IStateAccess<TWord>
    {
        thread.FutexAddress = TWord.AllBitsSet;
        thread.FutexValue = 0;
        thread.FutexTimeoutStep = 0;
        port.SetRegister(ResultRegister, result);
        port.SetRegister(ErrorRegister, error);

        // SAFETY: the state's native block outlives the step.
        CpuState<TWord>* cpu = port.State.Cpu;
        cpu->Pc = cpu->NextPc;
        cpu->NextPc = port.Target;
    }
}
