using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Isa;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Execute.Threaded;

/// <summary>
/// The fast port: registers by pointer, memory mapped, control flow as pointers into the decode cache. What
/// is not ordinary only sets <see cref="SideExit"/>; after that nothing changes any more, so that the slow
/// path can execute the whole step again.
/// </summary>
/// <typeparam name="TWord">uint over a flat memory, ulong over a sparse one.</typeparam>
internal unsafe struct ThreadedPort<TWord> : IPort<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private const PageFlags OrdinaryPage = PageFlags.Present | PageFlags.Dirty;

    // SAFETY: pointers into the state's native block, the guest memory's mapping (for 64-bit words: its
    // tables of slots) and the decode cache; all outlive the run. Any 32-bit address is inside a flat
    // mapping; a 64-bit one has an entry in both tables, which is asked for null before use.
    private readonly ThreadedContext<TWord>* _context;
    private readonly Instruction* _current;
    private readonly Instruction* _next;
    private readonly byte* _memory;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ThreadedPort(
        ThreadedContext<TWord>* context, Instruction* current, Instruction* next, byte* memory)
    {
        _context = context;
        _current = current;
        _next = next;
        _memory = memory;
        Target = next + 1;
        SideExit = false;
    }

    /// <summary>The entry to execute after the next one.</summary>
    public Instruction* Target;

    /// <summary>Whether the slow path must execute this step.</summary>
    public bool SideExit;

    public readonly TWord Hi
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _context->Cpu.Hi;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if (!SideExit)
            {
                _context->Cpu.Hi = value;
            }
        }
    }

    public readonly TWord Lo
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _context->Cpu.Lo;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if (!SideExit)
            {
                _context->Cpu.Lo = value;
            }
        }
    }

    public readonly TWord Pc => AddressOf(_context, _current);

    // An entry has 8 bytes for 4 of the guest. In the guards the distance is negative or above 4 GiB;
    // truncation to the word makes it the address that a program counter running off the end would have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWord AddressOf(ThreadedContext<TWord>* context, Instruction* entry) =>
        TWord.CreateTruncating(((byte*)entry - (byte*)context->CodeOrigin) >> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TWord GetRegister(int register) => ((TWord*)_context)[register];

    // Clearing r0 after every write is cheaper than asking which register it was.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void SetRegister(int register, TWord value)
    {
        if (!SideExit)
        {
            ((TWord*)_context)[register] = value;
            ((TWord*)_context)[0] = TWord.Zero;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Load(TWord address, Width width)
    {
        byte* host = ForReading(address);
        if (sizeof(TWord) == sizeof(ulong) && host == null)
        {
            SideExit = true;
            return TWord.Zero;
        }

        // A host address is as aligned as the guest's, so rounding one down rounds the other.
        return width switch
        {
            Width.Byte => TWord.CreateTruncating(*host),
            Width.Half => TWord.CreateTruncating(BigEndian.ReadUInt16((byte*)((nuint)host & ~(nuint)1))),
            Width.Word => TWord.CreateTruncating(BigEndian.ReadUInt32((byte*)((nuint)host & ~(nuint)3))),
            _ => TWord.CreateTruncating(BigEndian.ReadUInt64((byte*)((nuint)host & ~(nuint)7))),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TWord address, Width width, TWord value)
    {
        byte* host = ForWriting(address);
        if (host == null)
        {
            SideExit = true;
            return;
        }

        switch (width)
        {
            case Width.Byte:
                *host = byte.CreateTruncating(value);
                break;
            case Width.Half:
                BigEndian.WriteUInt16((byte*)((nuint)host & ~(nuint)1), ushort.CreateTruncating(value));
                break;
            case Width.Word:
                BigEndian.WriteUInt32((byte*)((nuint)host & ~(nuint)3), uint.CreateTruncating(value));
                break;
            default:
                BigEndian.WriteUInt64((byte*)((nuint)host & ~(nuint)7), ulong.CreateTruncating(value));
                break;
        }
    }

    // Stores to the page of the reserved word are side exits from here on, so that none ends the reservation
    // unnoticed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord LoadLinked(TWord address, Width width)
    {
        TWord value = Load(address, width);
        if (_context->HasThreads && !SideExit)
        {
            PageFlags* page = FlagsOf(address);
            if (page == null || (*page & PageFlags.Present) == 0)
            {
                SideExit = true;
                return value;
            }

            LinkReservation<TWord>* reservation = &_context->Reservation;
            if (reservation->MarkedPage != null)
            {
                *reservation->MarkedPage &= ~PageFlags.Reserved;
            }

            *page |= PageFlags.Reserved;
            reservation->MarkedPage = page;
            reservation->Address = address;
            reservation->Owner = reservation->ActiveThread;
            reservation->Status = Reservations.StatusOf(width);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord StoreConditional(TWord address, Width width, TWord value)
    {
        if (_context->HasThreads)
        {
            LinkReservation<TWord>* reservation = &_context->Reservation;
            if (reservation->Status != Reservations.StatusOf(width)
                || reservation->Owner != reservation->ActiveThread
                || reservation->Address != address)
            {
                return TWord.Zero;
            }

            // Only where the store below is ordinary may the reservation end before it; a page that lies
            // outside of all slots has flags too.
            if (reservation->MarkedPage == null
                || reservation->MarkedPage != FlagsOf(address)
                || *reservation->MarkedPage != (OrdinaryPage | PageFlags.Reserved))
            {
                SideExit = true;
                return TWord.Zero;
            }

            *reservation->MarkedPage = OrdinaryPage;
            reservation->MarkedPage = null;
            reservation->Address = TWord.Zero;
            reservation->Owner = TWord.Zero;
            reservation->Status = ReservationStatus.None;
        }

        Store(address, width, value);
        return TWord.One;
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
        TWord next = AddressOf(_context, _next);
        if (sizeof(TWord) == sizeof(ulong))
        {
            SideExit |= ulong.CreateTruncating(next) > uint.MaxValue;
        }

        uint region = uint.CreateTruncating(next) & 0xF000_0000;
        Target = _context->CodeOrigin + ((region >> 2) | (uint)index);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void JumpRegister(TWord address)
    {
        RefuseDelaySlot();
        SideExit |= (address & TWord.CreateTruncating(3)) != TWord.Zero;
        if (sizeof(TWord) == sizeof(ulong))
        {
            SideExit |= ulong.CreateTruncating(address) > uint.MaxValue;
        }

        Target = _context->CodeOrigin + (uint.CreateTruncating(address) >> 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TrapIf(bool condition, TrapReason reason) => SideExit |= condition;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Syscall() => SideExit = true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly PageFlags* FlagsOf(TWord address)
    {
        if (sizeof(TWord) == sizeof(uint))
        {
            return _context->PageFlags + (uint.CreateTruncating(address) >> GuestMemory.PageShift);
        }

        ulong guest = ulong.CreateTruncating(address);
        PageFlags* flags = FlagTableOf(guest);
        return flags == null ? null : flags + (guest >> GuestMemory.PageShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte* OriginOf(ulong guestAddress) =>
        ((byte**)_memory)[guestAddress >> SparseMemory.SlotShift];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly PageFlags* FlagTableOf(ulong guestAddress) =>
        ((PageFlags**)(_memory + SparseMemory.FlagTablesOffsetBytes))[guestAddress >> SparseMemory.SlotShift];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RefuseDelaySlot() => SideExit |= _next != _current + 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte* ForReading(TWord address)
    {
        if (sizeof(TWord) == sizeof(uint))
        {
            return _memory + uint.CreateTruncating(address);
        }

        ulong guest = ulong.CreateTruncating(address);
        byte* origin = OriginOf(guest);
        return origin == null ? null : origin + guest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly byte* ForWriting(TWord address)
    {
        if (sizeof(TWord) == sizeof(uint))
        {
            uint flat = uint.CreateTruncating(address);
            return _context->PageFlags[flat >> GuestMemory.PageShift] == OrdinaryPage ? _memory + flat : null;
        }

        ulong guest = ulong.CreateTruncating(address);
        PageFlags* flags = FlagTableOf(guest);
        return flags != null && flags[guest >> GuestMemory.PageShift] == OrdinaryPage
            ? OriginOf(guest) + guest
            : null;
    }
}
