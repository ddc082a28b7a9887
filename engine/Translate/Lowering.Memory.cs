using System.Buffers.Binary;
using Culverin.Isa;
using Culverin.State;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>
/// Loads and stores. A flat memory is an addition away; for 64-bit words the address's slot is looked up, and
/// one without host memory is odd. A store to a page that is not present and dirty, or is marked for any
/// other
/// reason, is odd.
/// </summary>
internal sealed partial class Lowering
{
    private const int OrdinaryPage = (int)(PageFlags.Present | PageFlags.Dirty);
    private const int PointerShift = 3;
    private const int OriginsOffsetBytes = 0;
    private const int HalfWordBits = 16;

    private void LowerLoad(MicroRange range, ref int index, Exit odd)
    {
        MicroOperation load = _list[index];
        Operand memory = _groups[index] is { } group
            ? LowerGrouped(group, load, forStore: false, odd, out Register? used)
            : LowerAddress(load.A, load.Width, forStore: false, odd, out used);

        // A sign extension that follows belongs to the load.
        int value = index;
        int next = index + 1;
        bool isSigned = _usesLeft[index] == 1
            && next < range.End
            && _list[next].A == index
            && _list[next].Kind == SignExtensionOf(load.Width);
        if (isSigned)
        {
            _usesLeft[index] = 0;
            value = next;
            index = next;
        }

        Register destination = PinSetNext(range, value) ?? used ?? TakeTemporary();
        switch (load.Width)
        {
            case Width.Byte when isSigned:
                _code.MovSignExtended(_word, destination, memory, OperandSize.Bits8);
                break;
            case Width.Byte:
                _code.MovZeroExtended(destination, memory, OperandSize.Bits8);
                break;
            case Width.Half:
                LoadHalf(destination, memory, isSigned);
                break;
            case Width.Word:
                _code.Movbe(OperandSize.Bits32, destination, memory);
                if (isSigned)
                {
                    _code.MovSignExtended(
                        OperandSize.Bits64, destination, destination, OperandSize.Bits32);
                }

                break;
            default:
                _code.Movbe(OperandSize.Bits64, destination, memory);
                break;
        }

        if (used is { } temporary)
        {
            Free(temporary);
        }

        FreeBase();
        _freeTemporaries &= ~(1 << (int)destination);
        _cache.Overwrite(destination);
        Place(value, destination);
        _usesLeft[value] = _list[value].UseCount;
    }

    private void FreeBase()
    {
        if (_baseTaken is { } taken)
        {
            Free(taken);
            _baseTaken = null;
        }
    }

    private static MicroOperationKind SignExtensionOf(Width width) => width switch
    {
        Width.Byte => MicroOperationKind.SignExtend8,
        Width.Half => MicroOperationKind.SignExtend16,
        _ => MicroOperationKind.SignExtend32,
    };

    private void LoadHalf(Register destination, Operand memory, bool isSigned)
    {
        _code.MovZeroExtended(destination, memory, OperandSize.Bits16);
        _code.Bswap(OperandSize.Bits32, destination);
        _code.ShiftImmediate(
            isSigned ? ShiftOperation.Sar : ShiftOperation.Shr,
            OperandSize.Bits32,
            destination,
            HalfWordBits);
        if (isSigned && _wide)
        {
            _code.MovSignExtended(OperandSize.Bits64, destination, destination, OperandSize.Bits32);
        }
    }

    private void LowerStore(int index, Exit odd)
    {
        MicroOperation store = _list[index];
        Operand memory = _groups[index] is { } group
            ? LowerGrouped(group, store, forStore: true, odd, out Register? used)
            : LowerAddress(store.A, store.Width, forStore: true, odd, out used);
        if (store.Width != Width.Doubleword && IsConstant(store.B))
        {
            StoreConstant(memory, store.Width, (uint)_list[store.B].Constant);
        }
        else if (store.Width == Width.Byte)
        {
            _code.MovInto(OperandSize.Bits8, memory, RegisterOf(store.B));
        }
        else
        {
            _code.MovbeInto(SizeOf(store.Width), memory, RegisterOf(store.B));
        }

        if (used is { } temporary)
        {
            Free(temporary);
        }

        FreeBase();
        Release(store.B);
    }

    private void StoreConstant(Operand memory, Width width, uint value)
    {
        uint reversed = BinaryPrimitives.ReverseEndianness(value);
        switch (width)
        {
            case Width.Byte:
                _code.MovImmediate(OperandSize.Bits8, memory, (byte)value);
                break;
            case Width.Half:
                _code.MovImmediate(OperandSize.Bits16, memory, (int)(reversed >> HalfWordBits));
                break;
            default:
                _code.MovImmediate(OperandSize.Bits32, memory, (int)reversed);
                break;
        }
    }

    private static OperandSize SizeOf(Width width) => width switch
    {
        Width.Byte => OperandSize.Bits8,
        Width.Half => OperandSize.Bits16,
        Width.Word => OperandSize.Bits32,
        _ => OperandSize.Bits64,
    };

    // The host memory of an access, with everything checked that makes it odd. An address that the
    // instruction
    // uses in other ways too, as unaligned accesses do, is rounded down; any other that would need it is odd.
    private Operand LowerAddress(
        int address, Width width, bool forStore, Exit odd, out Register? used)
    {
        Register guest = RegisterOf(address);
        Release(address);
        bool isOwn = _usesLeft[address] == 0 && IsTemporary(guest) && !IsShared(address, guest);
        if (isOwn)
        {
            _freeTemporaries &= ~(1 << (int)guest);
        }

        if (width != Width.Byte && _list[address].UseCount > 1)
        {
            if (!isOwn)
            {
                Register copy = TakeTemporary();
                _code.Mov(_word, copy, guest);
                guest = copy;
                isOwn = true;
            }

            _cache.Overwrite(guest);
            _code.AluImmediate(AluOperation.And, _word, guest, -(int)width);
        }
        else if (width != Width.Byte)
        {
            _code.TestByte(guest, (byte)(width - 1));
            odd.Add(_code.Jcc(Condition.NotEqual));
        }

        used = isOwn ? guest : null;
        return _wide
            ? SparseAddress(guest, forStore, odd, ref used)
            : FlatAddress(guest, forStore, odd);
    }

    private Operand FlatAddress(Register guest, bool forStore, Exit odd)
    {
        if (forStore)
        {
            Register page = TakeTemporary();
            _code.Mov(OperandSize.Bits32, page, guest);
            _code.ShiftImmediate(ShiftOperation.Shr, OperandSize.Bits32, page, GuestMemory.PageShift);
            _code.AluImmediate(
                AluOperation.Cmp,
                OperandSize.Bits8,
                Operand.At(HostLayout.Memory, page, 0, -FlatMemory.FlagsSizeBytes),
                OrdinaryPage);
            odd.Add(_code.Jcc(Condition.NotEqual));
            Free(page);
        }

        return Operand.At(HostLayout.Memory, guest, 0, 0);
    }

    // The access itself needs one register, which takes the place of the address's temporary.
    private Operand SparseAddress(Register guest, bool forStore, Exit odd, ref Register? used)
    {
        Register host = TakeTemporary();
        SlotOf(host, guest, 0);
        if (forStore)
        {
            Register flags = TakeTemporary();
            LoadTable(flags, host, SparseMemory.FlagTablesOffsetBytes, odd);
            _code.Mov(OperandSize.Bits64, host, TableEntry(host, OriginsOffsetBytes));
            _code.Alu(AluOperation.Add, OperandSize.Bits64, host, guest);
            Register page = used ?? TakeTemporary();
            Copy(page, guest);
            _cache.Overwrite(page);
            _code.ShiftImmediate(ShiftOperation.Shr, OperandSize.Bits64, page, GuestMemory.PageShift);
            _code.AluImmediate(
                AluOperation.Cmp, OperandSize.Bits8, Operand.At(flags, page, 0, 0), OrdinaryPage);
            odd.Add(_code.Jcc(Condition.NotEqual));
            Free(flags);
            Free(page);
        }
        else
        {
            LoadTable(host, host, OriginsOffsetBytes, odd);
            if (used is not { } temporary)
            {
                // The guest address stays in its register: the access adds the two.
                used = host;
                return Operand.At(host, guest, 0, 0);
            }

            _code.Alu(AluOperation.Add, OperandSize.Bits64, host, guest);
            Free(temporary);
        }

        used = host;
        return Operand.At(host, 0);
    }

    // The number of the slot of a guest address.
    private void SlotOf(Register slot, Register place, int offset)
    {
        AddressOf(slot, place, offset);
        _code.ShiftImmediate(ShiftOperation.Shr, OperandSize.Bits64, slot, SparseMemory.SlotShift);
    }

    // What a table holds for a slot; nothing there is odd.
    private void LoadTable(Register target, Register slot, int tableOffsetBytes, Exit odd)
    {
        _code.Mov(OperandSize.Bits64, target, TableEntry(slot, tableOffsetBytes));
        _code.Test(OperandSize.Bits64, target, target);
        odd.Add(_code.Jcc(Condition.Equal));
    }

    private static Operand TableEntry(Register slot, int tableOffsetBytes) =>
        Operand.At(HostLayout.Memory, slot, PointerShift, tableOffsetBytes);
}
