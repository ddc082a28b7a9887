using System.Collections.Generic;
using Culverin.Isa;
using Culverin.State;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>
/// Accesses at a register plus a constant: alignment, slot and pages are checked for a whole group of them at
/// its first. A check may fail for the sake of an access that is not reached; then the interpreter executes
/// one step and nothing is lost.
/// </summary>
internal sealed partial class Lowering
{
    private const int PageFlagBits = 8;
    private const int TwoOrdinaryPages = OrdinaryPage | (OrdinaryPage << PageFlagBits);

    private readonly List<PageCheck> _pageChecks = [];
    private int _pageChecksUsed;
    private int _originsUsed;

    // The temporary of an access's base, free again after the access.
    private Register? _baseTaken;

    private bool IsAddressOfNext(MicroRange range, int index)
    {
        int next = index + 1;
        while (next < range.End && _list[next].Kind is MicroOperationKind.Get or MicroOperationKind.Constant)
        {
            next++;
        }

        return next < range.End
            && _list[next].Kind is MicroOperationKind.Load or MicroOperationKind.Store
            && _list[next].A == index
            && _groups[next] is not null;
    }

    private Operand LowerGrouped(
        AccessGroup group, MicroOperation access, bool forStore, Exit odd, out Register? used)
    {
        _ = _groups.TryTakeApart(access.A, out int register, out int offset);
        Register place = BaseOf(register);
        if (!access.IsUnaligned)
        {
            CheckAlignment(place, register, offset, access.Width, odd);
        }
        else if (!_wide && !group.WrapChecked)
        {
            CheckWrap(group, place, odd);
        }

        Operand memory = _wide
            ? SparseInGroup(group, place, offset, forStore, odd, out used)
            : FlatInGroup(group, place, offset, forStore, odd, out used);
        _baseTaken = memory.Uses(place) && IsTemporary(place) && used != place ? place : null;
        if (_baseTaken is null && used != place)
        {
            Free(place);
        }

        return memory;
    }

    // A guest register in a host register: its own, one that holds it, or one that will from now on.
    private Register BaseOf(int register)
    {
        if (_pins.IsPinned(register))
        {
            return _pins[register].Register;
        }

        if (!_cache.TryFind(register, out Register temporary) || ((_reserved >> (int)temporary) & 1) != 0)
        {
            temporary = TakeTemporary();
            _code.Mov(_word, temporary, _pins[register]);
            _cache.Hold(temporary, register);
        }

        _freeTemporaries &= ~(1 << (int)temporary);
        return temporary;
    }

    private void CheckAlignment(Register place, int register, int offset, Width width, Exit odd)
    {
        int size = (int)width;
        if (size == 1)
        {
            return;
        }

        if (offset % size != 0)
        {
            Register address = TakeTemporary();
            AddressOf(address, place, offset);
            _code.TestByte(address, (byte)(size - 1));
            odd.Add(_code.Jcc(Condition.NotEqual));
            Free(address);
        }
        else if (!_alignments.IsMultiple(register, size))
        {
            _code.TestByte(place, (byte)(size - 1));
            odd.Add(_code.Jcc(Condition.NotEqual));
            _alignments.Learn(register, size);
        }
    }

    // An unaligned access must not go on behind the flat memory's end. Slots end sooner, and are checked.
    private void CheckWrap(AccessGroup group, Register place, Exit odd)
    {
        Register address = TakeTemporary();
        AddressOf(address, place, group.First);
        _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits32, address, group.First - group.Last - 1);
        odd.Add(_code.Jcc(Condition.Above));
        Free(address);
        group.WrapChecked = true;
    }

    private void AddressOf(Register target, Register place, int offset)
    {
        if (offset == 0)
        {
            _code.Mov(_word, target, place);
        }
        else
        {
            _code.Lea(_word, target, Operand.At(place, offset));
        }
    }

    // In 32-bit machines the sum wraps, so it is made in a register of its own.
    private Operand FlatInGroup(
        AccessGroup group, Register place, int offset, bool forStore, Exit odd, out Register? used)
    {
        used = null;
        if (forStore && !group.StoresChecked)
        {
            Register page = TakeTemporary();
            CheckPages(group, place, HostLayout.Memory, -FlatMemory.FlagsSizeBytes, page, odd);
            Free(page);
        }

        if (offset == 0)
        {
            return Operand.At(HostLayout.Memory, place, 0, 0);
        }

        Register address = TakeTemporary();
        AddressOf(address, place, offset);
        used = address;
        return Operand.At(HostLayout.Memory, address, 0, 0);
    }

    private Operand SparseInGroup(
        AccessGroup group, Register place, int offset, bool forStore, Exit odd, out Register? used)
    {
        Register host = TakeTemporary();
        used = host;
        if (forStore && !group.StoresChecked)
        {
            Register page = TakeTemporary();
            SlotOf(host, place, group.FirstStored);
            LoadTable(host, host, SparseMemory.FlagTablesOffsetBytes, odd);
            CheckPages(group, place, host, 0, page, odd);
            Free(page);
        }

        if (group.FrameSlot >= 0)
        {
            _code.Mov(OperandSize.Bits64, host, OriginInFrame(group.FrameSlot));
        }
        else
        {
            FindOrigin(group, place, host, odd);
        }

        return Operand.At(host, place, 0, offset);
    }

    // The slot's origin, which serves the whole group if all of it lies in that slot.
    private void FindOrigin(AccessGroup group, Register place, Register host, Exit odd)
    {
        bool isShared = group.Count > 1 && _originsUsed < TranslatorFrame.OriginCount;
        SlotOf(host, place, group.First);
        if (!IsWithinWord(group.Register, group.First, group.Last))
        {
            Register last = TakeTemporary();
            SlotOf(last, place, group.Last);
            _code.Alu(AluOperation.Cmp, OperandSize.Bits64, host, last);
            odd.Add(_code.Jcc(Condition.NotEqual));
            Free(last);
        }

        LoadTable(host, host, OriginsOffsetBytes, odd);
        if (isShared)
        {
            group.FrameSlot = _originsUsed++;
            _code.MovInto(OperandSize.Bits64, OriginInFrame(group.FrameSlot), host);
        }
    }

    // Whether bytes from one offset to another surely lie in one aligned word, of 8 bytes at most.
    private bool IsWithinWord(int register, int first, int last)
    {
        int size = last - first + 1;
        int aligned = size <= 1 ? 1 : size <= 2 ? 2 : size <= 4 ? 4 : 8;
        return size <= 8 && first % aligned == 0 && _alignments.IsMultiple(register, aligned);
    }

    private static Operand OriginInFrame(int slot) =>
        HostLayout.FrameField(TranslatorFrame.OriginsOffset + (slot * sizeof(ulong)));

    // The stores of a group touch the page of the first and perhaps the next. Mostly both are ordinary, which
    // one look tells; if not, code behind the trace looks at those that are really touched.
    private void CheckPages(
        AccessGroup group, Register place, Register flags, int displacement, Register page, Exit odd)
    {
        AddressOf(page, place, group.FirstStored);
        _code.ShiftImmediate(ShiftOperation.Shr, _word, page, GuestMemory.PageShift);
        if (IsWithinWord(group.Register, group.FirstStored, group.LastStored))
        {
            _code.AluImmediate(
                AluOperation.Cmp, OperandSize.Bits8, Operand.At(flags, page, 0, displacement), OrdinaryPage);
            odd.Add(_code.Jcc(Condition.NotEqual));
        }
        else
        {
            _code.AluImmediate(
                AluOperation.Cmp,
                OperandSize.Bits16,
                Operand.At(flags, page, 0, displacement),
                TwoOrdinaryPages);
            int jump = _code.Jcc(Condition.NotEqual);
            NewPageCheck().Set(jump, _code.Position, group.LastStored, place, flags, displacement, page, odd);
        }

        group.StoresChecked = true;
    }

    private void WritePageChecks()
    {
        for (int number = 0; number < _pageChecksUsed; number++)
        {
            PageCheck check = _pageChecks[number];
            Operand entry = Operand.At(check.Flags, check.Page, 0, check.Displacement);
            _code.Bind(check.Jump);
            _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits8, entry, OrdinaryPage);
            check.Odd.Add(_code.Jcc(Condition.NotEqual));
            AddressOf(check.Page, check.Place, check.LastStored);
            _code.ShiftImmediate(ShiftOperation.Shr, _word, check.Page, GuestMemory.PageShift);
            _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits8, entry, OrdinaryPage);
            check.Odd.Add(_code.Jcc(Condition.NotEqual));
            _code.JmpTo(check.Return);
        }
    }

    private PageCheck NewPageCheck()
    {
        if (_pageChecksUsed == _pageChecks.Count)
        {
            _pageChecks.Add(new PageCheck());
        }

        return _pageChecks[_pageChecksUsed++];
    }
}
