using System.Buffers.Binary;
using Culverin.Isa;
using Culverin.State;
using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Loads and stores. A flat memory is an addition away; for 64-bit words the address's slot is looked up, and
/// one without host memory is a side exit. So is a store to a page that is not present and dirty, or is
/// marked for any other reason.
/// </summary>
internal sealed class MemoryLowering
{
    private const int HalfWordBits = 16;

    private readonly LoweringContext _context;
    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly ValuePlaces _values;
    private readonly OperandSize _word;
    private readonly AddressCode _addresses;
    private readonly GroupLowering _groups;

    /// <summary>Makes the part that lowers loads and stores.</summary>
    public MemoryLowering(
        LoweringContext context, ValuePlaces values, AddressCode addresses, GroupLowering groups)
    {
        _context = context;
        _code = context.Code;
        _list = context.List;
        _values = values;
        _word = context.Word;
        _addresses = addresses;
        _groups = groups;
    }

    /// <summary>Loads; takes in the sign extension that follows.</summary>
    public void LowerLoad(ref int index, Exit sideExit)
    {
        MicroOperation load = _list[index];
        Operand memory = _groups[index] is { } group
            ? _groups.Lower(group, load, forStore: false, sideExit, out Register? used)
            : LowerAddress(load.A, load.Width, forStore: false, sideExit, out used);

        // A sign extension that follows belongs to the load.
        int value = index;
        int next = index + 1;
        bool isSigned = _values.Uses[index] == 1
            && next < _values.Range.End
            && _list[next].A == index
            && _list[next].Kind == SignExtensionOf(load.Width);
        if (isSigned)
        {
            _values.Uses[index] = 0;
            value = next;
            index = next;
        }

        Register destination = _values.PinSetNext(value) ?? used ?? _values.TakeTemporary();
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
            _values.Free(temporary);
        }

        _groups.FinishAccess();
        _values.Define(value, destination);
        _values.Uses[value] = _list[value].UseCount;
    }

    /// <summary>Stores.</summary>
    public void LowerStore(int index, Exit sideExit)
    {
        MicroOperation store = _list[index];
        Operand memory = _groups[index] is { } group
            ? _groups.Lower(group, store, forStore: true, sideExit, out Register? used)
            : LowerAddress(store.A, store.Width, forStore: true, sideExit, out used);
        if (store.Width != Width.Doubleword && _context.IsConstant(store.B))
        {
            StoreConstant(memory, store.Width, (uint)_list[store.B].Constant);
        }
        else if (store.Width == Width.Byte)
        {
            _code.MovInto(OperandSize.Bits8, memory, _values.RegisterOf(store.B));
        }
        else
        {
            _code.MovbeInto(SizeOf(store.Width), memory, _values.RegisterOf(store.B));
        }

        if (used is { } temporary)
        {
            _values.Free(temporary);
        }

        _groups.FinishAccess();
        _values.Release(store.B);
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
        if (isSigned && _context.IsWide)
        {
            _code.MovSignExtended(OperandSize.Bits64, destination, destination, OperandSize.Bits32);
        }
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

    // The host memory of an access, with everything checked that makes it a side exit. An address that the
    // instruction uses in other ways too, as unaligned accesses do, is rounded down; any other that would
    // need it is a side exit.
    private Operand LowerAddress(
        int address, Width width, bool forStore, Exit sideExit, out Register? used)
    {
        Register guest = _values.RegisterOf(address);
        _values.Release(address);
        bool isOwn = _values.IsOnlyIn(address, guest);
        if (isOwn)
        {
            _values.Occupy(guest);
        }

        if (width != Width.Byte && _list[address].UseCount > 1)
        {
            if (!isOwn)
            {
                Register copy = _values.TakeTemporary();
                _code.Mov(_word, copy, guest);
                guest = copy;
                isOwn = true;
            }

            _values.Overwrite(guest);
            _code.AluImmediate(AluOperation.And, _word, guest, -(int)width);
        }
        else if (width != Width.Byte)
        {
            _code.TestByte(guest, (byte)(width - 1));
            sideExit.Add(_code.Jcc(Condition.NotEqual));
        }

        used = isOwn ? guest : null;
        return _context.IsWide
            ? SparseAddress(guest, forStore, sideExit, ref used)
            : FlatAddress(guest, forStore, sideExit);
    }

    private Operand FlatAddress(Register guest, bool forStore, Exit sideExit)
    {
        if (forStore)
        {
            Register page = _values.TakeTemporary();
            _code.Mov(OperandSize.Bits32, page, guest);
            _code.ShiftImmediate(ShiftOperation.Shr, OperandSize.Bits32, page, GuestMemory.PageShift);
            _code.AluImmediate(
                AluOperation.Cmp,
                OperandSize.Bits8,
                Operand.At(HostLayout.Memory, page, 0, -FlatMemory.FlagsSizeBytes),
                AddressCode.OrdinaryPage);
            sideExit.Add(_code.Jcc(Condition.NotEqual));
            _values.Free(page);
        }

        return Operand.At(HostLayout.Memory, guest, 0, 0);
    }

    // The access itself needs one register, which takes the place of the address's temporary.
    private Operand SparseAddress(Register guest, bool forStore, Exit sideExit, ref Register? used)
    {
        Register host = _values.TakeTemporary();
        _addresses.SlotOf(host, guest, 0);
        if (forStore)
        {
            Register flags = _values.TakeTemporary();
            _addresses.LoadTable(flags, host, SparseMemory.FlagTablesOffsetBytes, sideExit);
            _code.Mov(OperandSize.Bits64, host, AddressCode.TableEntry(host, AddressCode.OriginsOffsetBytes));
            _code.Alu(AluOperation.Add, OperandSize.Bits64, host, guest);
            Register page = used ?? _values.TakeTemporary();
            _context.Copy(page, guest);
            _values.Overwrite(page);
            _code.ShiftImmediate(ShiftOperation.Shr, OperandSize.Bits64, page, GuestMemory.PageShift);
            _code.AluImmediate(
                AluOperation.Cmp, OperandSize.Bits8, Operand.At(flags, page, 0, 0), AddressCode.OrdinaryPage);
            sideExit.Add(_code.Jcc(Condition.NotEqual));
            _values.Free(flags);
            _values.Free(page);
        }
        else
        {
            _addresses.LoadTable(host, host, AddressCode.OriginsOffsetBytes, sideExit);
            if (used is not { } temporary)
            {
                // The guest address stays in its register: the access adds the two.
                used = host;
                return Operand.At(host, guest, 0, 0);
            }

            _code.Alu(AluOperation.Add, OperandSize.Bits64, host, guest);
            _values.Free(temporary);
        }

        used = host;
        return Operand.At(host, 0);
    }
}
