using System.Numerics;

namespace Culverin.State;

/// <summary>
/// The threads of a multithreaded state and what belongs to them together: two stacks, the direction of
/// traversal, the reservation. The active thread is the top of the right stack when traversing right, else of
/// the left one; its registers live in the machine state's native block.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed unsafe class ThreadTable<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // SAFETY: points into the machine state's native block, which outlives the table.
    private readonly CpuState<TWord>* _cpu;
    private readonly LinkReservation<TWord>* _reservation;
    private ThreadState<TWord>? _loaded;

    internal ThreadTable(CpuState<TWord>* cpu)
    {
        _cpu = cpu;
        _reservation = (LinkReservation<TWord>*)(cpu + 1);
    }

    /// <summary>The left stack.</summary>
    public ThreadStack<TWord> Left { get; private set; } = new();

    /// <summary>The right stack.</summary>
    public ThreadStack<TWord> Right { get; private set; } = new();

    /// <summary>Whether the active stack is the right one.</summary>
    public bool TraverseRight { get; set; }

    /// <summary>The number that the next thread gets.</summary>
    public TWord NextThreadId { get; set; }

    /// <summary>Steps that the active thread has executed since its turn began.</summary>
    public ulong StepsSinceLastContextSwitch { get; set; }

    /// <summary>
    /// Address whose waiters are being looked for; all ones for none. Only with futex state.
    /// </summary>
    public TWord Wakeup { get; set; } = TWord.AllBitsSet;

    /// <summary>Refuses another thread when there are <see cref="ThreadRecord.CountMax"/>.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.LimitExceeded"/>.</exception>
    public void RequireRoomForOneMore()
    {
        if (Left.Known.Count + Right.Known.Count >= ThreadRecord.CountMax)
        {
            throw new CulverinException(
                ErrorCode.LimitExceeded,
                $"The guest has {ThreadRecord.CountMax} threads and asks for another; that is the limit.");
        }
    }

    /// <summary>Whether and how an address is reserved.</summary>
    public ReservationStatus Reservation
    {
        get => _reservation->Status;
        set => _reservation->Status = value;
    }

    /// <summary>The reserved address as the program computed it, not rounded.</summary>
    public TWord ReservedAddress
    {
        get => _reservation->Address;
        set => _reservation->Address = value;
    }

    /// <summary>The thread that reserved it.</summary>
    public TWord ReservationOwner
    {
        get => _reservation->Owner;
        set => _reservation->Owner = value;
    }

    /// <summary>The stack whose top is active.</summary>
    public ThreadStack<TWord> ActiveStack => TraverseRight ? Right : Left;

    /// <summary>The stack that preempted threads go to.</summary>
    public ThreadStack<TWord> OtherStack => TraverseRight ? Left : Right;

    /// <summary>The active thread; its registers are in the machine state's native block.</summary>
    public ThreadState<TWord> Active => ActiveStack.Top
        ?? throw new CulverinException(ErrorCode.InvalidState, "The active thread stack is empty.");

    /// <summary>Replaces both stacks, when a state is read; <see cref="LoadActive"/> comes next.</summary>
    public void SetStacks(ThreadStack<TWord> left, ThreadStack<TWord> right)
    {
        Left = left;
        Right = right;
        _loaded = null;
    }

    /// <summary>
    /// Copies the live registers back to their thread, before anything looks at its record.
    /// </summary>
    public void SaveActive()
    {
        if (_loaded is not null)
        {
            _loaded.Cpu = *_cpu;
        }
    }

    /// <summary>Brings the registers of the active thread in; a verifier may not know that thread.</summary>
    public void LoadActive()
    {
        ThreadState<TWord>? top = ActiveStack.Top;
        if (top is not null && !ReferenceEquals(top, _loaded))
        {
            *_cpu = top.Cpu;
        }

        _loaded = top;
        _reservation->ActiveThread = top?.Id ?? TWord.Zero;
    }

    /// <summary>Becomes equal to another table, whose threads it takes over.</summary>
    internal void TakeOver(ThreadTable<TWord> other)
    {
        other.SaveActive();
        SetStacks(other.Left, other.Right);
        TraverseRight = other.TraverseRight;
        NextThreadId = other.NextThreadId;
        StepsSinceLastContextSwitch = other.StepsSinceLastContextSwitch;
        Wakeup = other.Wakeup;
        Reservation = other.Reservation;
        ReservedAddress = other.ReservedAddress;
        ReservationOwner = other.ReservationOwner;
        LoadActive();
    }

    /// <summary>Forgets the reservation.</summary>
    public void ClearReservation()
    {
        Reservation = ReservationStatus.None;
        ReservedAddress = TWord.Zero;
        ReservationOwner = TWord.Zero;
    }
}
