using Culverin.State;

namespace Culverin.Execute;

/// <content>Threads: clone, exit, yield, futex.</content>
internal sealed partial class Kernel<TWord, TAccess>
{
    /// <summary>VM, FS, FILES, SIGHAND, SYSVSEM and THREAD: what Go's runtime asks for.</summary>
    private const uint CloneFlags = 0x50F00;

    private const byte BadCloneExitCode = 2;
    private const int StackPointerRegister = 29;
    private const int FutexTimeoutRegister = 7;
    private const uint FutexWaitPrivate = 128;
    private const uint FutexWakePrivate = 129;
    private const ulong FutexTimeoutSteps = 10_000;

    // The program counter of a thread that gives its turn away must advance before its registers are put by.
    private static unsafe void Advance(ref StatePort<TWord, TAccess> port)
    {
        // SAFETY: the state's native block outlives the step.
        CpuState<TWord>* cpu = port.State.Cpu;
        cpu->Pc = cpu->NextPc;
        cpu->NextPc = port.Target;
    }

    private static bool ExitGroup(ref StatePort<TWord, TAccess> port, TWord code)
    {
        port.State.Exited = true;
        port.State.ExitCode = byte.CreateTruncating(code);
        return false;
    }

    private static unsafe bool Clone(
        ref StatePort<TWord, TAccess> port, TWord flags, TWord stackPointer)
    {
        if (port.State.Threads is not { } threads)
        {
            // Single-threaded versions pretend.
            return Succeed(ref port, TWord.One);
        }

        if (flags != TWord.CreateTruncating(CloneFlags))
        {
            port.State.Exited = true;
            port.State.ExitCode = BadCloneExitCode;
            return false;
        }

        threads.RequireRoomForOneMore();
        var child = new ThreadState<TWord> { Id = threads.NextThreadId };
        child.Cpu = *port.State.Cpu;
        child.Cpu.Pc = port.State.Cpu->NextPc;
        child.Cpu.NextPc = unchecked(child.Cpu.Pc + TWord.CreateTruncating(4));
        child.Cpu.Registers[StackPointerRegister] = stackPointer;
        child.Cpu.Registers[ResultRegister] = TWord.Zero;
        child.Cpu.Registers[ErrorRegister] = TWord.Zero;
        threads.NextThreadId = unchecked(threads.NextThreadId + TWord.One);
        Succeed(ref port, child.Id);
        Advance(ref port);
        Scheduler.Push(threads, child);
        return false;
    }

    private static bool ExitThread(ref StatePort<TWord, TAccess> port, TWord code)
    {
        ThreadTable<TWord> threads = port.State.Threads!;
        ThreadState<TWord> thread = threads.Active;
        thread.Exited = true;
        thread.ExitCode = byte.CreateTruncating(code);
        if (Scheduler.IsLastThread(threads))
        {
            port.State.Exited = true;
            port.State.ExitCode = thread.ExitCode;
        }

        return false;
    }

    private static bool Yield(ref StatePort<TWord, TAccess> port)
    {
        Succeed(ref port, TWord.Zero);
        Advance(ref port);
        _ = Scheduler.Preempt(port.State.Threads!);
        return false;
    }

    private bool Futex(
        ref StatePort<TWord, TAccess> port, TWord rawAddress, TWord operation, TWord value)
    {
        ThreadTable<TWord> threads = port.State.Threads!;
        TWord address = rawAddress & ~TWord.CreateTruncating(_features.FutexValueSizeBytes - 1);
        if (operation == TWord.CreateTruncating(FutexWaitPrivate))
        {
            return Wait(ref port, threads, address, value);
        }

        if (operation == TWord.CreateTruncating(FutexWakePrivate))
        {
            return Wake(ref port, threads, address);
        }

        return Fail(ref port, Errno.InvalidArgument);
    }

    private bool Wait(
        ref StatePort<TWord, TAccess> port, ThreadTable<TWord> threads, TWord address, TWord value)
    {
        ulong wanted = _features.FutexValueSizeBytes == sizeof(uint)
            ? uint.CreateTruncating(value)
            : ulong.CreateTruncating(value);
        if (Scheduler.LoadFutexValue(ref port, address, _features) != wanted)
        {
            return Fail(ref port, Errno.TryAgain);
        }

        if (!_features.HasFutexState)
        {
            return Yield(ref port);
        }

        // The thread keeps its turn; its next step finds it waiting and gives way.
        bool hasTimeout = port.GetRegister(FutexTimeoutRegister) != TWord.Zero;
        ThreadState<TWord> thread = threads.Active;
        thread.FutexAddress = address;
        thread.FutexValue = wanted;
        thread.FutexTimeoutStep = hasTimeout ? port.State.Step + 1 + FutexTimeoutSteps : ulong.MaxValue;
        return false;
    }

    private bool Wake(ref StatePort<TWord, TAccess> port, ThreadTable<TWord> threads, TWord address)
    {
        Yield(ref port);
        if (_features.HasFutexState)
        {
            // The search for waiters starts over at the left stack, unless that is empty.
            threads.Wakeup = address;
            threads.TraverseRight = threads.Left.IsEmpty;
            threads.LoadActive();
        }

        return false;
    }
}
