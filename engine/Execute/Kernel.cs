using System.Collections.Generic;
using System.Numerics;
using Culverin.Isa;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>
/// The system calls (VM-SPEC section 7 and 8): number in r2, arguments in r4 to r7, result in r2, error in
/// r7. One partial file an area; this one dispatches.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
/// <typeparam name="TAccess">Memory, pre-images and output.</typeparam>
public sealed partial class Kernel<TWord, TAccess>
    where TWord : unmanaged, IBinaryInteger<TWord>
    where TAccess : class, IStateAccess<TWord>
{
    private const int NumberRegister = 2;
    private const int ResultRegister = 2;
    private const int ErrorRegister = 7;
    private const int FirstArgumentRegister = 4;

    private readonly FeatureSet _features;
    private readonly Dictionary<uint, SyscallName> _names;

    /// <summary>Makes a kernel by the rules of a feature set.</summary>
    public Kernel(FeatureSet features)
    {
        _features = features;
        _names = SyscallTable.NamesByNumber(features);
    }

    /// <summary>Executes the system call that the registers ask for.</summary>
    /// <returns>
    /// Whether the program counter is still to advance; calls that end or switch threads have seen to it.
    /// </returns>
    public bool Execute(ref StatePort<TWord, TAccess> port)
    {
        TWord a0 = port.GetRegister(FirstArgumentRegister);
        TWord a1 = port.GetRegister(FirstArgumentRegister + 1);
        TWord a2 = port.GetRegister(FirstArgumentRegister + 2);
        SyscallName name = NameOf(port.GetRegister(NumberRegister));
        switch (name)
        {
            case SyscallName.Mmap:
                Mmap(ref port, a0, a1);
                return true;
            case SyscallName.Brk:
                Succeed(ref port, TWord.CreateTruncating(_features.ProgramBreak));
                return true;
            case SyscallName.ExitGroup:
                port.State.Exited = true;
                port.State.ExitCode = byte.CreateTruncating(a0);
                return false;
            case SyscallName.Read:
                Read(ref port, a0, a1, a2);
                return true;
            case SyscallName.Write:
                Write(ref port, a0, a1, a2);
                return true;
            case SyscallName.Fcntl:
                Fcntl(ref port, a0, a1);
                return true;
            case SyscallName.Open:
                Fail(ref port, Errno.BadFileDescriptor);
                return true;
            case SyscallName.Eventfd2:
                CreateEventDescriptor(ref port, a1);
                return true;
            case SyscallName.ClockGettime:
                ClockGettime(ref port, a0, a1);
                return true;
            case SyscallName.Getrandom:
                Getrandom(ref port, a0, a1);
                return true;
            case SyscallName.NoOperation:
                Succeed(ref port, TWord.Zero);
                return true;
            default:
                return ExecuteForThreads(ref port, name, a0, a1, a2);
        }
    }

    private static void Succeed(ref StatePort<TWord, TAccess> port, TWord result)
    {
        port.SetRegister(ResultRegister, result);
        port.SetRegister(ErrorRegister, TWord.Zero);
    }

    private bool ExecuteForThreads(
        ref StatePort<TWord, TAccess> port, SyscallName name, TWord a0, TWord a1, TWord a2)
    {
        if (port.State.Threads is not { } threads)
        {
            // Single-threaded versions pretend: clone answers 1, anything unknown 0.
            Succeed(ref port, name == SyscallName.Clone ? TWord.One : TWord.Zero);
            return true;
        }

        switch (name)
        {
            case SyscallName.Clone:
                return Clone(ref port, threads, a0, a1);
            case SyscallName.Exit:
                ExitThread(ref port, threads, a0);
                return false;
            case SyscallName.Gettid:
                Succeed(ref port, threads.Active.Id);
                return true;
            case SyscallName.SchedYield:
            case SyscallName.Nanosleep:
                Yield(ref port, threads);
                return false;
            case SyscallName.Futex:
                return Futex(ref port, threads, a0, a1, a2);
            default:
                port.Trap(TrapReason.UnknownSyscall);
                return false;
        }
    }

    private void Fail(ref StatePort<TWord, TAccess> port, uint errno)
    {
        TWord error = TWord.CreateTruncating(errno);
        port.SetRegister(ResultRegister, _features.HasLinuxErrorOrder ? error : TWord.AllBitsSet);
        port.SetRegister(ErrorRegister, _features.HasLinuxErrorOrder ? TWord.AllBitsSet : error);
    }

    private SyscallName NameOf(TWord number)
    {
        if (number == TWord.AllBitsSet && _features.HasAllOnesSyscall)
        {
            return SyscallName.NoOperation;
        }

        return number <= TWord.CreateSaturating(uint.MaxValue)
            && _names.TryGetValue(uint.CreateTruncating(number), out SyscallName name)
            ? name
            : SyscallName.Unknown;
    }
}
