using System.Numerics;

namespace Culverin.State;

/// <summary>
/// One thread of a multithreaded state. While it is the active one, its registers live in
/// <see cref="MachineState{TWord}.Cpu"/> and <see cref="Cpu"/> is out of date.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed class ThreadState<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>Registers at rest.</summary>
    internal CpuState<TWord> Cpu;

    /// <summary>The thread's number; the first is 0.</summary>
    public TWord Id { get; set; }

    /// <summary>Its exit code; meaningful once <see cref="Exited"/>.</summary>
    public byte ExitCode { get; set; }

    /// <summary>Whether it has ended; it is removed when its turn comes.</summary>
    public bool Exited { get; set; }

    /// <summary>Address it waits for; all ones for none. Only in versions with futex state.</summary>
    public TWord FutexAddress { get; set; } = TWord.AllBitsSet;

    /// <summary>The value it waits to see changed.</summary>
    public ulong FutexValue { get; set; }

    /// <summary>Last step at which it still waits.</summary>
    public ulong FutexTimeoutStep { get; set; }

    /// <summary>Whether it waits for a futex.</summary>
    public bool IsWaiting => FutexAddress != TWord.AllBitsSet;
}
