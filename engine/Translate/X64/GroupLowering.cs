using Culverin.Isa;
using Culverin.State;
using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Accesses at a register plus a constant: alignment, slot and pages are checked for a whole group of them at
/// its first. A check may fail for the sake of an access that is not reached; then the interpreter executes
/// one step and nothing is lost.
/// </summary>
internal sealed class GroupLowering
{
    private const int PageFlagBits = 8;
    private const int TwoOrdinaryPages =
        AddressCode.OrdinaryPage | (AddressCode.OrdinaryPage << PageFlagBits);

    private readonly LoweringContext _context;
    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly ValuePlaces _values;
    private readonly OperandSize _word;
    private readonly AddressCode _addresses;
    private readonly AccessGroups _groups;
    private readonly List<PageCheck> _pageChecks = [];
    private int _pageChecksUsed;
    private int _originsUsed;

    // The temporary of an access's base, free again after the access.
    private Register? _baseTaken;

    /// <summary>Makes the part that lowers accesses in groups.</summary>
    public GroupLowering(LoweringContext context, ValuePlaces values, AddressCode addresses)
    {
        _context = context;
        _code = context.Code;
        _list = context.List;
        _values = values;
        _word = context.Word;
        _addresses = addresses;
        _groups = new AccessGroups(context.List, context.IsWide);
        Alignments = new Alignments(context.List);
    }

    /// <summary>What is known of the low bits of registers.</summary>
    public Alignments Alignments { get; }

    /// <summary>The group of an access; null if its address is no register plus constant.</summary>
    public AccessGroup? this[int access] => _groups[access];

    /// <summary>Finds the groups of a superblock.</summary>
    public void Begin(SuperblockPlan plan)
    {
        _groups.Find(plan);
        Alignments.Clear();
        _originsUsed = 0;
        _pageChecksUsed = 0;
    }

    /// <summary>Whether an addition only makes the address of the next access, in a group.</summary>
    public bool IsAddressOfNext(int index)
    {
        int next = index + 1;
        while (next < _values.Range.End
            && _list[next].Kind is MicroOperationKind.Get or MicroOperationKind.Constant)
        {
            next++;
        }

        return next < _values.Range.End
            && _list[next].Kind is MicroOperationKind.Load or MicroOperationKind.Store
            && _list[next].A == index
            && _groups[next] is not null;
    }

    /// <summary>
    /// The host memory of an access in a group, with everything checked that needs a side exit.
    /// </summary>
    public Operand Lower(
        AccessGroup group, MicroOperation access, bool forStore, Exit sideExit, out Register? used)
    {
        _ = _groups.TryTakeApart(access.A, out int register, out int offset);
        Register place = _values.RegisterHolding(register);
        if (!access.IsUnaligned)
        {
            CheckAlignment(place, register, offset, access.Width, sideExit);
        }
        else if (!_context.IsWide && !group.WrapChecked)
        {
            CheckWrap(group, place, sideExit);
        }

        Operand memory = _context.IsWide
            ? SparseInGroup(group, place, offset, forStore, sideExit, out used)
            : FlatInGroup(group, place, offset, forStore, sideExit, out used);
        _baseTaken = memory.Uses(place) && ValuePlaces.IsTemporary(place) && used != place ? place : null;
        if (_baseTaken is null && used != place)
        {
            _values.Free(place);
        }

        return memory;
    }

    /// <summary>Says that an access is done: its base's temporary is free again.</summary>
    public void FinishAccess()
    {
        if (_baseTaken is { } taken)
        {
            _values.Free(taken);
            _baseTaken = null;
        }
    }

    private void CheckAlignment(Register place, int register, int offset, Width width, Exit sideExit)
    {
        int size = (int)width;
        if (size == 1)
        {
            return;
        }

        if (offset % size != 0)
        {
            Register address = _values.TakeTemporary();
            _addresses.AddressOf(address, place, offset);
            _code.TestByte(address, (byte)(size - 1));
            sideExit.Add(_code.Jcc(Condition.NotEqual));
            _values.Free(address);
        }
        else if (!Alignments.IsMultiple(register, size))
        {
            _code.TestByte(place, (byte)(size - 1));
            sideExit.Add(_code.Jcc(Condition.NotEqual));
            Alignments.Learn(register, size);
        }
    }

    // An unaligned access must not go on behind the flat memory's end. Slots end sooner, and are checked.
    private void CheckWrap(AccessGroup group, Register place, Exit sideExit)
    {
        Register address = _values.TakeTemporary();
        _addresses.AddressOf(address, place, group.First);
        _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits32, address, group.First - group.Last - 1);
        sideExit.Add(_code.Jcc(Condition.Above));
        _values.Free(address);
        group.WrapChecked = true;
    }

    // In 32-bit machines the sum wraps, so it is made in a register of its own.
    private Operand FlatInGroup(
        AccessGroup group, Register place, int offset, bool forStore, Exit sideExit, out Register? used)
    {
        used = null;
        if (forStore && !group.StoresChecked)
        {
            Register page = _values.TakeTemporary();
            CheckPages(group, place, HostLayout.Memory, -FlatMemory.FlagsSizeBytes, page, sideExit);
            _values.Free(page);
        }

        if (offset == 0)
        {
            return Operand.At(HostLayout.Memory, place, 0, 0);
        }

        Register address = _values.TakeTemporary();
        _addresses.AddressOf(address, place, offset);
        used = address;
        return Operand.At(HostLayout.Memory, address, 0, 0);
    }

    private Operand SparseInGroup(
        AccessGroup group, Register place, int offset, bool forStore, Exit sideExit, out Register? used)
    {
        Register host = _values.TakeTemporary();
        used = host;
        if (forStore && !group.StoresChecked)
        {
            Register page = _values.TakeTemporary();
            _addresses.SlotOf(host, place, group.FirstStored);
            _addresses.LoadTable(host, host, SparseMemory.FlagTablesOffsetBytes, sideExit);
            CheckPages(group, place, host, 0, page, sideExit);
            _values.Free(page);
        }

        if (group.FrameSlot >= 0)
        {
            _code.Mov(OperandSize.Bits64, host, OriginInFrame(group.FrameSlot));
        }
        else
        {
            FindOrigin(group, place, host, sideExit);
        }

        return Operand.At(host, place, 0, offset);
    }

    // The slot's origin, which serves the whole group if all of it lies in that slot.
    private void FindOrigin(AccessGroup group, Register place, Register host, Exit sideExit)
    {
        bool isShared = group.Count > 1 && _originsUsed < TranslatorFrame.OriginCount;
        _addresses.SlotOf(host, place, group.First);
        if (!IsWithinWord(group.Register, group.First, group.Last))
        {
            Register last = _values.TakeTemporary();
            _addresses.SlotOf(last, place, group.Last);
            _code.Alu(AluOperation.Cmp, OperandSize.Bits64, host, last);
            sideExit.Add(_code.Jcc(Condition.NotEqual));
            _values.Free(last);
        }

        _addresses.LoadTable(host, host, AddressCode.OriginsOffsetBytes, sideExit);
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
        return size <= 8 && first % aligned == 0 && Alignments.IsMultiple(register, aligned);
    }

    private static Operand OriginInFrame(int slot) =>
        HostLayout.FrameField(TranslatorFrame.OriginsOffset + (slot * sizeof(ulong)));

    // The stores of a group touch the page of the first and perhaps the next. Mostly both are ordinary, which
    // one look tells; if not, code behind the superblock looks at those that are really touched.
    private void CheckPages(
        AccessGroup group, Register place, Register flags, int displacement, Register page, Exit sideExit)
    {
        _addresses.AddressOf(page, place, group.FirstStored);
        _code.ShiftImmediate(ShiftOperation.Shr, _word, page, GuestMemory.PageShift);
        if (IsWithinWord(group.Register, group.FirstStored, group.LastStored))
        {
            _code.AluImmediate(
                AluOperation.Cmp,
                OperandSize.Bits8,
                Operand.At(flags, page, 0, displacement),
                AddressCode.OrdinaryPage);
            sideExit.Add(_code.Jcc(Condition.NotEqual));
        }
        else
        {
            _code.AluImmediate(
                AluOperation.Cmp,
                OperandSize.Bits16,
                Operand.At(flags, page, 0, displacement),
                TwoOrdinaryPages);
            int jump = _code.Jcc(Condition.NotEqual);
            NewPageCheck().Set(
                jump, _code.Position, group.LastStored, place, flags, displacement, page, sideExit);
        }

        group.StoresChecked = true;
    }

    /// <summary>Writes the exact looks at pages, behind the superblock.</summary>
    public void WritePageChecks()
    {
        for (int number = 0; number < _pageChecksUsed; number++)
        {
            PageCheck check = _pageChecks[number];
            Operand entry = Operand.At(check.Flags, check.Page, 0, check.Displacement);
            _code.Bind(check.Jump);
            _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits8, entry, AddressCode.OrdinaryPage);
            check.SideExit.Add(_code.Jcc(Condition.NotEqual));
            _addresses.AddressOf(check.Page, check.Place, check.LastStored);
            _code.ShiftImmediate(ShiftOperation.Shr, _word, check.Page, GuestMemory.PageShift);
            _code.AluImmediate(AluOperation.Cmp, OperandSize.Bits8, entry, AddressCode.OrdinaryPage);
            check.SideExit.Add(_code.Jcc(Condition.NotEqual));
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
