using System.Collections.Generic;
using System.Numerics;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>
/// The system calls (VM-SPEC section 7 and 8): number in r2, arguments in r4 to r6, result in r2, error
/// number in r7. One partial file an area; this one dispatches.
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
    /// <returns>Whether the program counter advances.</returns>
    public bool Execute(ref StatePort<TWord, TAccess> port)
    {
        TWord a0 = port.GetRegister(FirstArgumentRegister);
        TWord a1 = port.GetRegister(FirstArgumentRegister + 1);
        TWord a2 = port.GetRegister(FirstArgumentRegister + 2);
        switch (NameOf(port.GetRegister(NumberRegister)))
        {
            case SyscallName.Mmap:
                Mmap(ref port, a0, a1);
                return true;
            case SyscallName.Brk:
                Succeed(ref port, TWord.CreateTruncating(ProgramBreak));
                return true;
            case SyscallName.Clone:
                Succeed(ref port, TWord.One);
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
            default:
                Succeed(ref port, TWord.Zero);
                return true;
        }
    }

    private static void Succeed(ref StatePort<TWord, TAccess> port, TWord result)
    {
        port.SetRegister(ResultRegister, result);
        port.SetRegister(ErrorRegister, TWord.Zero);
    }

    private static void Fail(ref StatePort<TWord, TAccess> port, uint errno)
    {
        port.SetRegister(ResultRegister, TWord.AllBitsSet);
        port.SetRegister(ErrorRegister, TWord.CreateTruncating(errno));
    }

    private SyscallName NameOf(TWord number) =>
        number <= TWord.CreateSaturating(uint.MaxValue)
            && _names.TryGetValue(uint.CreateTruncating(number), out SyscallName name)
            ? name
            : SyscallName.Unknown;
}
