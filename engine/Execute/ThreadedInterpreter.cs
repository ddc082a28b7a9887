using System;
using Culverin.Isa;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>
/// The fast interpreter for 32-bit, single-threaded versions. Every instruction body is compiled into a
/// handler that ends by calling the next instruction's handler in last position, which optimising compilers
/// turn into a jump; pc, nextPC and the step budget live in registers the whole time.
/// </summary>
/// <remarks>
/// It executes only what is ordinary. Anything odd (system calls, traps, the first store to a clean page, a
/// store to a code page, code at the edges of the address space) is left to the <see cref="Stepper{TWord,
/// TAccess}"/>, one step at a time, which therefore stays the only place that knows the rules. Should a
/// runtime not turn the last call into a jump, <see cref="IsUsable"/> is false and every step goes the slow
/// way.
/// </remarks>
internal sealed unsafe class ThreadedInterpreter : IDisposable
{
    private readonly MachineState<uint> _state;
    private readonly LiveAccess<uint> _access;
    private readonly FlatMemory _memory;
    private readonly Stepper<uint, LiveAccess<uint>> _stepper;
    private readonly CodeCache _cache;
    private readonly ThreadedContext* _context;

    public ThreadedInterpreter(
        MachineState<uint> state, FlatMemory memory, LiveAccess<uint> access, FeatureSet features)
    {
        if (sizeof(ThreadedContext) > MachineState<uint>.NativeBlockSizeBytes)
        {
            throw new InvalidOperationException("The native block of a machine state is too small.");
        }

        _state = state;
        _access = access;
        _memory = memory;
        _stepper = new Stepper<uint, LiveAccess<uint>>(features);
        _cache = new CodeCache(memory, new Decoder(features));

        // SAFETY: the context lies over the state's native block, whose first part is the registers.
        _context = (ThreadedContext*)state.Cpu;
        _context->CodeOrigin = _cache.Origin;
        _context->PageFlags = memory.Flags;
        ThreadedHandlers.FillWithLeave(_context);
        var filler = new ThreadedHandlers.TableFiller(_context);
        InstructionSet.VisitAll(ref filler);
    }

    /// <summary>
    /// Whether handlers chain by jumps here, so that the stack does not grow with the steps.
    /// </summary>
    public static bool IsUsable { get; } = ThreadedHandlers.ChainByJumps();

    /// <summary>Executes one step the slow way.</summary>
    public void Step() => _stepper.Step(_state, _access);

    /// <summary>
    /// Makes every arrival of the program counter in a range an error: the guest would stay there.
    /// </summary>
    public void WatchForInfiniteLoop(uint start, uint end)
    {
        _cache.WatchedStart = start;
        _cache.WatchedEnd = end;
    }

    /// <summary>
    /// Executes up to so many steps; stops early only when the guest exits or a pre-image is read.
    /// </summary>
    /// <param name="budget">Steps to execute.</param>
    /// <param name="stopAfterPreimageRead">Whether to return after a step that read a pre-image.</param>
    /// <exception cref="GuestPanicException">
    /// A step cannot be executed; the state is the one before it.
    /// </exception>
    public void Run(ulong budget, bool stopAfterPreimageRead)
    {
        CpuState<uint>* cpu = _state.Cpu;
        while (budget > 0 && !_state.Exited)
        {
            ulong before = _state.Step;
            RefuseWatched(cpu->Pc);
            if (IsUsable
                && cpu->Registers[0] == 0
                && CodeCache.Covers(cpu->Pc)
                && CodeCache.Covers(cpu->NextPc))
            {
                RunFast((long)Math.Min(budget, long.MaxValue));
            }

            ulong done = _state.Step - before;
            budget -= done;
            if (budget == 0)
            {
                break;
            }

            if (IsUndecoded(cpu->Pc))
            {
                _cache.Decode(cpu->Pc);
                continue;
            }

            RefuseWatched(cpu->Pc);
            _access.LastPreimageRead = null;
            Step();
            budget--;
            if (stopAfterPreimageRead && _access.LastPreimageRead is not null)
            {
                break;
            }
        }
    }

    public void Dispose() => _cache.Dispose();

    private void RefuseWatched(uint pc)
    {
        if (_cache.IsWatched(pc))
        {
            throw new CulverinException(
                ErrorCode.InfiniteLoop,
                $"The guest waits for itself at step {_state.Step} (pc 0x{pc:x8}): it would never go on.");
        }
    }

    private bool IsUndecoded(uint pc) =>
        IsUsable && CodeCache.Covers(pc) && _cache.Origin[pc >> 2].Opcode == 0;

    private void RunFast(long budget)
    {
        CpuState<uint>* cpu = _state.Cpu;
        Instruction* current = _cache.Origin + (cpu->Pc >> 2);
        Instruction* next = _cache.Origin + (cpu->NextPc >> 2);
        ThreadedHandlers.Dispatch(_context, current, next, _memory.Origin, budget);
        cpu->Pc = ThreadedPort.AddressOf(_context, _context->Current);
        cpu->NextPc = ThreadedPort.AddressOf(_context, _context->Next);
        _state.Step += (ulong)(budget - _context->BudgetLeft);
    }
}
