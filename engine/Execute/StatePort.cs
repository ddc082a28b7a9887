using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Isa;
using Culverin.State;

namespace Culverin.Execute;

/// <summary>
/// The slow, exact port: state in a <see cref="MachineState{TWord}"/>, memory one aligned word at a time, as
/// the contract does it. A trap throws before anything has changed.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
/// <typeparam name="TAccess">Memory, pre-images and output.</typeparam>
internal unsafe struct StatePort<TWord, TAccess> : IPort<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
    where TAccess : class, IStateAccess<TWord>
{
    // SAFETY: points into the state's native block; a port lives no longer than the step it was made for.
    private readonly CpuState<TWord>* _cpu;

    /// <summary>Makes a port for one step.</summary>
    public StatePort(MachineState<TWord> state, TAccess access)
    {
        State = state;
        Access = access;
        _cpu = state.Cpu;
        Target = _cpu->NextPc + TWord.CreateTruncating(4);
    }

    /// <summary>The state being stepped.</summary>
    public MachineState<TWord> State { get; }

    /// <summary>Memory, pre-images and output.</summary>
    public TAccess Access { get; }

    /// <summary>What the next step's NextPc will be.</summary>
    public TWord Target { get; private set; }

    /// <summary>Whether the instruction was a system call.</summary>
    public bool IsSyscall { get; private set; }

    /// <inheritdoc/>
    public readonly TWord Hi
    {
        get => _cpu->Hi;
        set => _cpu->Hi = value;
    }

    /// <inheritdoc/>
    public readonly TWord Lo
    {
        get => _cpu->Lo;
        set => _cpu->Lo = value;
    }

    /// <inheritdoc/>
    public readonly TWord Pc => _cpu->Pc;

    private static int WordSizeBytes => Unsafe.SizeOf<TWord>();

    /// <inheritdoc/>
    public readonly TWord GetRegister(int register) => CpuState<TWord>.RegistersOf(_cpu)[register];

    /// <inheritdoc/>
    public readonly void SetRegister(int register, TWord value)
    {
        if (register != 0)
        {
            CpuState<TWord>.RegistersOf(_cpu)[register] = value;
        }
    }

    /// <inheritdoc/>
    public readonly TWord Load(TWord address, Width width)
    {
        TWord word = Access.LoadWord(WordAddress(address));
        return (word >>> ShiftOf(address, width)) & MaskOf(width);
    }

    /// <inheritdoc/>
    public readonly void Store(TWord address, Width width, TWord value)
    {
        StoreUnreserved(address, width, value);
        InvalidateReservation(WordAddress(address));
    }

    /// <summary>Writes the word at a multiple of the word size that this step has loaded before.</summary>
    public readonly void StoreWord(TWord address, TWord value)
    {
        Access.StoreWord(address, value);
        InvalidateReservation(address);
    }

    /// <inheritdoc/>
    public readonly TWord LoadLinked(TWord address, Width width)
    {
        TWord value = Load(address, width);
        if (State.Threads is { } threads)
        {
            threads.Reservation = Reservations.StatusOf(width);
            threads.ReservedAddress = address;
            threads.ReservationOwner = threads.Active.Id;
        }

        return value;
    }

    /// <inheritdoc/>
    public readonly TWord StoreConditional(TWord address, Width width, TWord value)
    {
        // Single-threaded versions store whatever ll did before.
        if (State.Threads is { } threads)
        {
            if (threads.Reservation != Reservations.StatusOf(width)
                || threads.ReservationOwner != threads.Active.Id
                || threads.ReservedAddress != address)
            {
                return TWord.Zero;
            }

            threads.ClearReservation();
        }

        StoreUnreserved(address, width, value);
        return TWord.One;
    }

    /// <inheritdoc/>
    public void BranchIf(bool taken, int offset)
    {
        RefuseDelaySlot();
        if (taken)
        {
            Target = _cpu->NextPc + TWord.CreateTruncating((long)offset << 2);
        }
    }

    /// <inheritdoc/>
    public void Jump(int index)
    {
        RefuseDelaySlot();
        TWord region = _cpu->NextPc & TWord.CreateTruncating(-0x1000_0000L);
        Target = region | TWord.CreateTruncating((uint)index << 2);
    }

    /// <inheritdoc/>
    public void JumpRegister(TWord address)
    {
        RefuseDelaySlot();
        Target = address;
    }

    /// <inheritdoc/>
    public readonly void TrapIf(bool condition, TrapReason reason)
    {
        if (condition)
        {
            Trap(reason);
        }
    }

    /// <inheritdoc/>
    public void Syscall() => IsSyscall = true;

    /// <summary>Ends the step with a trap.</summary>
    [DoesNotReturn]
    public readonly void Trap(TrapReason reason)
    {
        ulong pc = ulong.CreateTruncating(_cpu->Pc);
        throw new GuestPanicException(reason, State.Step, pc, Describe(reason, pc));
    }

    /// <summary>The address rounded down to a multiple of the word size.</summary>
    public static TWord WordAddress(TWord address) => address & ~TWord.CreateTruncating(WordSizeBytes - 1);

    /// <summary>Where in its word an address points, in bytes.</summary>
    public static int ByteInWord(TWord address) => int.CreateTruncating(address) & (WordSizeBytes - 1);

    private static int ShiftOf(TWord address, Width width)
    {
        int start = ByteInWord(address) & ~((int)width - 1);
        return (WordSizeBytes - start - (int)width) * 8;
    }

    private static TWord MaskOf(Width width) =>
        (int)width == WordSizeBytes
            ? TWord.AllBitsSet
            : (TWord.One << ((int)width * 8)) - TWord.One;

    private readonly void StoreUnreserved(TWord address, Width width, TWord value)
    {
        TWord word = Access.LoadWord(WordAddress(address));
        int shift = ShiftOf(address, width);
        TWord mask = MaskOf(width);
        Access.StoreWord(WordAddress(address), (word & ~(mask << shift)) | ((value & mask) << shift));
    }

    // Any write to the reserved word ends the reservation, whoever made it and whoever writes. The contract
    // does not ask for the status here, which shows in states that have an address without a reservation.
    private readonly void InvalidateReservation(TWord wordAddress)
    {
        if (State.Threads is { } threads && WordAddress(threads.ReservedAddress) == wordAddress)
        {
            threads.ClearReservation();
        }
    }

    private readonly void RefuseDelaySlot() =>
        TrapIf(_cpu->NextPc != _cpu->Pc + TWord.CreateTruncating(4), TrapReason.BranchInDelaySlot);

    private readonly string Describe(TrapReason reason, ulong pc) => reason switch
    {
        TrapReason.InvalidInstruction =>
            $"0x{Access.Fetch(_cpu->Pc):x8} is not an instruction of state version {(byte)State.Version}",
        TrapReason.DivisionByZero => "division by zero",
        TrapReason.BranchInDelaySlot => "a jump or branch stands in a delay slot",
        TrapReason.UnalignedProgramCounter => $"the program counter 0x{pc:x} is not a multiple of 4",
        TrapReason.PreimageOffsetOutOfRange =>
            $"pre-image offset {State.PreimageOffset} is at or past the end of the pre-image",
        TrapReason.UnknownSyscall =>
            $"state version {(byte)State.Version} has no system call {GetRegister(2)}",
        TrapReason.NoActiveThread => "no thread is left to run",
        _ => reason.ToString(),
    };
}
