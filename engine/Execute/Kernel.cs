using System.Numerics;
using Culverin.Isa;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>
/// The system calls (VM-SPEC sections 7 and 8): number in r2, arguments in r4 to r7, result in r2, error in
/// r7. <c>Kernel.Table.cs</c> lists them, a partial file for each area does them, this one dispatches.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
/// <typeparam name="TAccess">Memory, pre-images and output.</typeparam>
internal sealed partial class Kernel<TWord, TAccess>
    where TWord : unmanaged, IBinaryInteger<TWord>
    where TAccess : class, IStateAccess<TWord>
{
    private const int NumberRegister = 2;
    private const int ResultRegister = 2;
    private const int ErrorRegister = 7;
    private const int FirstArgumentRegister = 4;

    private readonly FeatureSet _features;
    private readonly Dictionary<uint, (SyscallEntry Entry, Handler Handler)> _calls;

    /// <summary>Makes a kernel by the rules of a feature set.</summary>
    public Kernel(FeatureSet features)
    {
        _features = features;
        _calls = RowsOf(features).ToDictionary(
            row => row.NumberOf(features), row => (row.EntryOf(features), row.Handler));
    }

    /// <summary>Executes the system call that the registers ask for.</summary>
    /// <returns>
    /// Whether the program counter is still to advance; calls that end or switch threads have seen to it.
    /// </returns>
    public bool Execute(ref StatePort<TWord, TAccess> port)
    {
        var arguments = new Arguments(
            port.GetRegister(FirstArgumentRegister),
            port.GetRegister(FirstArgumentRegister + 1),
            port.GetRegister(FirstArgumentRegister + 2));
        TWord number = port.GetRegister(NumberRegister);
        (SyscallEntry? entry, Handler? handler) = CallOf(number);
        port.Access.SyscallBegins(entry);
        if (handler is not null)
        {
            return handler(this, ref port, arguments);
        }

        bool isAnswered = !_features.HasThreads
            || (number == TWord.AllBitsSet && _features.HasAllOnesSyscall);
        port.TrapIf(!isAnswered, TrapReason.UnknownSyscall);
        return Succeed(ref port, TWord.Zero);
    }

    // What a call answers is the last that it does; both say that the program counter is still to advance.
    private static bool Succeed(ref StatePort<TWord, TAccess> port, TWord result)
    {
        port.SetRegister(ResultRegister, result);
        port.SetRegister(ErrorRegister, TWord.Zero);
        port.Access.SyscallAnswered(result, 0);
        return true;
    }

    private bool Fail(ref StatePort<TWord, TAccess> port, uint errno)
    {
        TWord error = TWord.CreateTruncating(errno);
        port.SetRegister(ResultRegister, _features.HasLinuxErrorOrder ? error : TWord.AllBitsSet);
        port.SetRegister(ErrorRegister, _features.HasLinuxErrorOrder ? TWord.AllBitsSet : error);
        port.Access.SyscallAnswered(TWord.AllBitsSet, errno);
        return true;
    }

    private (SyscallEntry? Entry, Handler? Handler) CallOf(TWord number) =>
        number <= TWord.CreateSaturating(uint.MaxValue)
            ? _calls.GetValueOrDefault(uint.CreateTruncating(number))
            : default;
}
