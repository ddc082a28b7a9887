using System.Numerics;
using Culverin.State;

namespace Culverin.Inspect;

/// <summary>A thread's registers, copied out of a machine. Words are zero-extended.</summary>
/// <param name="Id">Its number; 0 in versions without threads.</param>
/// <param name="IsActive">Whether the next step is its own, or one that deals with it.</param>
/// <param name="Registers">r0 to r31.</param>
/// <param name="ProgramCounter">Address of the instruction that it executes next.</param>
/// <param name="NextProgramCounter">Address of the one after that.</param>
/// <param name="Low">The register lo.</param>
/// <param name="High">The register hi.</param>
internal sealed record ThreadView(
    ulong Id,
    bool IsActive,
    ulong[] Registers,
    ulong ProgramCounter,
    ulong NextProgramCounter,
    ulong Low,
    ulong High)
{
    /// <summary>Whether it has ended.</summary>
    public bool Exited { get; init; }

    /// <summary>Its exit code; meaningful once <see cref="Exited"/>.</summary>
    public byte ExitCode { get; init; }

    /// <summary>The address that it waits for; null if it does not wait.</summary>
    public ulong? WaitsFor { get; init; }

    /// <summary>
    /// All threads, the active one first: the active stack from its top on, then the other one from its top
    /// on. One in versions without threads.
    /// </summary>
    public static IReadOnlyList<ThreadView> AllOf(MachineImage image) => image is MachineImage<uint> image32
        ? AllOf(image32.State)
        : AllOf(((MachineImage<ulong>)image).State);

    /// <summary>The thread that the next step is of.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidState"/>: there is none.</exception>
    public static ThreadView ActiveOf(MachineImage image) => AllOf(image)[0];

    /// <summary>The number of the thread that the next step is of.</summary>
    public static ulong ActiveIdOf(MachineImage image) => image is MachineImage<uint> image32
        ? image32.State.Threads?.Active.Id ?? 0
        : ((MachineImage<ulong>)image).State.Threads?.Active.Id ?? 0;

    // SAFETY: the state's native block lives as long as the image that the caller holds.
    private static unsafe List<ThreadView> AllOf<TWord>(MachineState<TWord> state)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        if (state.Threads is not { } threads)
        {
            return [Of(0, isActive: true, *state.Cpu)];
        }

        _ = threads.Active;
        threads.SaveActive();
        return
        [
            .. threads.ActiveStack.Known.Reverse().Select((thread, depth) => Of(thread, depth == 0)),
            .. threads.OtherStack.Known.Reverse().Select(thread => Of(thread, isActive: false)),
        ];
    }

    private static ThreadView Of<TWord>(ThreadState<TWord> thread, bool isActive)
        where TWord : unmanaged, IBinaryInteger<TWord> =>
        Of(ulong.CreateTruncating(thread.Id), isActive, thread.Cpu) with
        {
            Exited = thread.Exited,
            ExitCode = thread.ExitCode,
            WaitsFor = thread.IsWaiting ? ulong.CreateTruncating(thread.FutexAddress) : null,
        };

    private static ThreadView Of<TWord>(ulong id, bool isActive, CpuState<TWord> cpu)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        ulong[] registers = new ulong[32];
        for (int number = 0; number < registers.Length; number++)
        {
            registers[number] = ulong.CreateTruncating(cpu.Registers[number]);
        }

        return new ThreadView(
            id,
            isActive,
            registers,
            ulong.CreateTruncating(cpu.Pc),
            ulong.CreateTruncating(cpu.NextPc),
            ulong.CreateTruncating(cpu.Lo),
            ulong.CreateTruncating(cpu.Hi));
    }
}
