using System.Numerics;
using Culverin.Isa;
using Culverin.State;

namespace Culverin.Execute.Threaded;

/// <summary>
/// The fast interpreter. Every instruction body is compiled into a handler that ends by calling the next
/// instruction's handler in last position, which optimising compilers turn into a jump; pc, nextPC and the
/// step budget live in registers the whole time.
/// </summary>
/// <remarks>
/// It executes only what is ordinary. Anything else (system calls, traps, the first store to a clean page, a
/// store to a code page or next to a reservation, code outside the decode cache, steps of the scheduler) is a
/// side exit: it is left to the <see cref="Stepper{TWord, TAccess}"/>, one step at a time, which therefore
/// stays the only place that knows the rules. Should a runtime not turn the last call into a jump, every step
/// goes the slow way.
/// </remarks>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal sealed unsafe class ThreadedInterpreter<TWord> : IDisposable
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    // Interpreted before the faster way is asked again.
    private const ulong ColdSteps = 32;

    // Slow steps between two looks of the caller at what may end the run.
    private const int SlowStepsMax = 1024;

    private readonly MachineState<TWord> _state;
    private readonly GuestMemory _memory;
    private readonly LiveAccess<TWord> _access;
    private readonly Stepper<TWord, LiveAccess<TWord>> _stepper;
    private readonly DecodeCache _cache;
    private readonly ThreadedContext<TWord>* _context;
    private readonly byte* _memoryBase;

    public ThreadedInterpreter(MachineImage<TWord> image, LiveAccess<TWord> access)
    {
        if (sizeof(ThreadedContext<TWord>) > MachineState<TWord>.NativeBlockSizeBytes)
        {
            throw new InvalidOperationException("The native block of a machine state is too small.");
        }

        _state = image.State;
        _memory = image.Memory;
        _access = access;
        _stepper = new Stepper<TWord, LiveAccess<TWord>>(image.Features);
        _cache = new DecodeCache(image.Memory, new Decoder(image.Features));

        // SAFETY: the context lies over the state's native block, whose first part is the registers; the
        // image keeps block and memory alive.
        _context = (ThreadedContext<TWord>*)image.State.Cpu;
        _context->CodeOrigin = _cache.Origin;
        if (image.Memory is SparseMemory sparse)
        {
            _memoryBase = (byte*)sparse.Origins;
        }
        else
        {
            var flat = (FlatMemory)image.Memory;
            _memoryBase = flat.Origin;
            _context->PageFlags = flat.Flags;
        }

        _context->HasThreads = image.Features.HasThreads;
        ThreadedHandlers<TWord>.FillWithSideExits(_context);
        var filler = new ThreadedHandlers<TWord>.TableFiller(_context);
        InstructionSet.VisitAll(ref filler);
    }

    /// <summary>Whether the fast path works on this runtime.</summary>
    public static bool IsUsable => ThreadedHandlers<TWord>.IsUsable;

    /// <summary>What was decoded.</summary>
    public DecodeCache Decoded => _cache;

    /// <summary>What handlers take as memory: <see cref="ThreadedPort{TWord}"/>.</summary>
    public byte* MemoryBase => _memoryBase;

    /// <summary>Executes ordinary steps instead of the handlers; null for none.</summary>
    public IFastPath? FastPath { get; set; }

    /// <summary>Where <see cref="Run"/> stops early; null for nowhere.</summary>
    public StopPoints? Stops { get; set; }

    /// <summary>The step whose breakpoint is passed over; null for none.</summary>
    public ulong? PassedStep { get; set; }

    /// <summary>
    /// Whether the next step executes an instruction at a breakpoint that is not passed over.
    /// </summary>
    public bool IsAtBreakpoint => Stops is { Breakpoints.Count: > 0 } stops
        && _state.Step != PassedStep
        && stops.Breakpoints.Contains(ulong.CreateTruncating(_state.Cpu->Pc))
        && (_state.Threads is not { } threads
            || Scheduler.NextStep(threads, _state.Features) == SchedulerStep.Instruction);

    /// <summary>Executes one step the slow way.</summary>
    public void Step() => _stepper.Step(_state, _access);

    /// <summary>
    /// Makes every arrival of the program counter in a range an error: the guest would stay there.
    /// </summary>
    public void WatchForInfiniteLoop(ulong start, ulong end)
    {
        _cache.WatchedStart = start;
        _cache.WatchedEnd = end;
    }

    /// <summary>
    /// Executes up to so many steps; stops early when the guest exits, a pre-image is read, or at a stop
    /// point, and after some slow steps, each of which may wait for somebody.
    /// </summary>
    /// <param name="budget">Steps to execute.</param>
    /// <param name="stopAfterPreimageRead">Whether to return after a step that read a pre-image.</param>
    /// <exception cref="GuestPanicException">
    /// A step cannot be executed; the state is the one before it.
    /// </exception>
    public void Run(ulong budget, bool stopAfterPreimageRead)
    {
        CpuState<TWord>* cpu = _state.Cpu;
        for (int slowSteps = 0; budget > 0 && !_state.Exited && slowSteps < SlowStepsMax;)
        {
            RefuseWatched(cpu->Pc);
            if (IsAtBreakpoint)
            {
                break;
            }

            ulong fastBudget = Stops is { WatchesReads: true } ? 0 : Math.Min(budget, FastBudget());
            if (fastBudget > 0)
            {
                budget -= RunOrdinary(fastBudget);
                if (budget == 0)
                {
                    break;
                }

                RefuseWatched(cpu->Pc);
                if (IsAtBreakpoint)
                {
                    break;
                }

                if (IsUndecoded(cpu->Pc))
                {
                    _cache.Decode(uint.CreateTruncating(cpu->Pc));
                    continue;
                }
            }

            _access.LastPreimageRead = null;
            Step();
            slowSteps++;
            budget--;
            if (_access.StoppedBy is not null
                || (stopAfterPreimageRead && _access.LastPreimageRead is not null))
            {
                break;
            }
        }
    }

    public void Dispose() => _cache.Dispose();

    private bool IsUndecoded(TWord pc) =>
        DecodeCache.Covers(ulong.CreateTruncating(pc))
            && _cache.Origin[uint.CreateTruncating(pc) >> 2].Opcode == 0;

    private void RefuseWatched(TWord pc)
    {
        if (_cache.IsInWatchedRange(ulong.CreateTruncating(pc)))
        {
            throw new CulverinException(
                ErrorCode.InfiniteLoop,
                $"The guest waits for itself at step {_state.Step} (pc 0x{pc:x8}): it would never go on.");
        }
    }

    // How many steps from here on are instructions, as far as is known; 0 where the slow path must look
    // first.
    private ulong FastBudget()
    {
        CpuState<TWord>* cpu = _state.Cpu;
        if (!IsUsable || cpu->Registers[0] != TWord.Zero || !CanHandlersStart())
        {
            return 0;
        }

        if (_state.Threads is not { } threads)
        {
            return long.MaxValue;
        }

        ThreadState<TWord> thread = threads.Active;
        bool hasScheduling = thread.Exited || thread.IsWaiting || threads.Wakeup != TWord.AllBitsSet;

        // An address without a reservation comes only from state files that no writer makes; a write there
        // clears it.
        bool isStray = threads.Reservation == ReservationStatus.None
            && (threads.ReservedAddress | threads.ReservationOwner) != TWord.Zero;
        return isStray || hasScheduling || threads.StepsSinceLastContextSwitch >= Scheduler.QuantumSteps
            ? 0
            : Scheduler.QuantumSteps - threads.StepsSinceLastContextSwitch;
    }

    // Handlers execute what is cold, and what is left of a budget.
    private ulong RunOrdinary(ulong budget)
    {
        MarkReservedPage();
        ulong done = 0;
        ulong left = budget;
        ulong interpreted = 0;
        ulong portion = budget;
        do
        {
            FastPathStop stop = FastPathStop.Budget;
            done += FastPath?.Run(left, out stop) ?? 0;
            left = budget - done;
            portion = stop switch
            {
                FastPathStop.SideExit => Math.Min(left, 1),
                FastPathStop.Cold => Math.Min(left, ColdSteps),
                _ => left,
            };
            if (portion == 0 || !CanHandlersStart())
            {
                break;
            }

            interpreted = RunHandlers((long)portion);
            done += interpreted;
            left = budget - done;
        }
        while (left > 0 && interpreted == portion);

        UnmarkReservedPage();
        _state.Step += done;
        if (_state.Threads is { } threads)
        {
            threads.StepsSinceLastContextSwitch += done;
        }

        return done;
    }

    // The translator may have come to where the decode cache does not reach.
    private bool CanHandlersStart()
    {
        CpuState<TWord>* cpu = _state.Cpu;
        return DecodeCache.Covers(ulong.CreateTruncating(cpu->Pc))
            && DecodeCache.Covers(ulong.CreateTruncating(cpu->NextPc));
    }

    private ulong RunHandlers(long budget)
    {
        CpuState<TWord>* cpu = _state.Cpu;
        Instruction* current = _cache.Origin + (uint.CreateTruncating(cpu->Pc) >> 2);
        Instruction* next = _cache.Origin + (uint.CreateTruncating(cpu->NextPc) >> 2);
        ThreadedHandlers<TWord>.Dispatch(_context, current, next, _memoryBase, budget);
        cpu->Pc = ThreadedPort<TWord>.AddressOf(_context, _context->Current);
        cpu->NextPc = ThreadedPort<TWord>.AddressOf(_context, _context->Next);
        return (ulong)(budget - _context->BudgetLeft);
    }

    // While the fast path runs, stores to the page with the reserved word go the slow way, which ends the
    // reservation if they hit it. A page that was never written has no fast stores anyway.
    private void MarkReservedPage()
    {
        if (_state.Threads is { Reservation: not ReservationStatus.None } threads)
        {
            ulong page = ulong.CreateTruncating(threads.ReservedAddress) >> GuestMemory.PageShift;
            if (_memory.IsPresent(page))
            {
                _context->Reservation.MarkedPage = _memory.Mark(page, PageFlags.Reserved);
            }
        }
    }

    private void UnmarkReservedPage()
    {
        PageFlags* marked = _context->Reservation.MarkedPage;
        if (marked != null)
        {
            *marked &= ~PageFlags.Reserved;
            _context->Reservation.MarkedPage = null;
        }
    }
}
