using System.Runtime.CompilerServices;
using Culverin.Isa;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Execute;

/// <summary>
/// The fast port: registers by pointer, memory flat, control flow as pointers into the code cache. Whatever
/// is odd only sets <see cref="Odd"/>; after that nothing changes any more, so that the slow path can execute
/// the whole step again.
/// </summary>
internal unsafe struct ThreadedPort : IPort<uint>
{
    private const PageFlags OrdinaryPage = PageFlags.Present | PageFlags.Dirty;

    // SAFETY: pointers into the state's native block, the 4 GiB memory mapping and the code cache; all
    // outlive the run. Any 32-bit guest address is inside the memory mapping.
    private readonly ThreadedContext* _context;
    private readonly Instruction* _current;
    private readonly Instruction* _next;
    private readonly byte* _memory;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ThreadedPort(ThreadedContext* context, Instruction* current, Instruction* next, byte* memory)
    {
        _context = context;
        _current = current;
        _next = next;
        _memory = memory;
        Target = next + 1;
        Odd = false;
    }

    /// <summary>The entry to execute after the next one.</summary>
    public Instruction* Target;

    /// <summary>Whether the slow path must execute this step.</summary>
    public bool Odd;

    public readonly uint Hi
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _context->Cpu.Hi;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if (!Odd)
            {
                _context->Cpu.Hi = value;
            }
        }
    }

    public readonly uint Lo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _context->Cpu.Lo;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if (!Odd)
            {
                _context->Cpu.Lo = value;
            }
        }
    }

    public readonly uint Pc => AddressOf(_context, _current);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddressOf(ThreadedContext* context, Instruction* entry) =>
        (uint)(((byte*)entry - (byte*)context->CodeOrigin) >> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint GetRegister(int register) => ((uint*)_context)[register];

    // Clearing r0 after every write is cheaper than asking which register it was.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void SetRegister(int register, uint value)
    {
        if (!Odd)
        {
            ((uint*)_context)[register] = value;
            ((uint*)_context)[0] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Load(uint address, Width width) => width switch
    {
        Width.Byte => _memory[address],
        Width.Half => BigEndian.ReadUInt16(_memory + (address & ~1u)),
        _ => BigEndian.ReadUInt32(_memory + (address & ~3u)),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(uint address, Width width, uint value)
    {
        if (_context->PageFlags[address >> GuestMemory.PageShift] != OrdinaryPage)
        {
            Odd = true;
            return;
        }

        switch (width)
        {
            case Width.Byte:
                _memory[address] = (byte)value;
                break;
            case Width.Half:
                BigEndian.WriteUInt16(_memory + (address & ~1u), (ushort)value);
                break;
            default:
                BigEndian.WriteUInt32(_memory + (address & ~3u), value);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint LoadLinked(uint address, Width width) => Load(address, width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint StoreConditional(uint address, Width width, uint value)
    {
        Store(address, width, value);
        return 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BranchIf(bool taken, int offset)
    {
        RefuseDelaySlot();
        if (taken)
        {
            Target = _next + offset;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Jump(int index)
    {
        RefuseDelaySlot();
        uint region = AddressOf(_context, _next) & 0xF000_0000;
        Target = _context->CodeOrigin + ((region >> 2) | (uint)index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void JumpRegister(uint address)
    {
        RefuseDelaySlot();
        Odd |= (address & 3) != 0;
        Target = _context->CodeOrigin + (address >> 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TrapIf(bool condition, TrapReason reason) => Odd |= condition;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Syscall() => Odd = true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RefuseDelaySlot() => Odd |= _next != _current + 1;
}
