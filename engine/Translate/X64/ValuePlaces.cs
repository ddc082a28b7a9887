using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Where the values of one instruction are while it is lowered: in four temporaries, or where a guest
/// register is, pinned or in the state's block. Between instructions temporaries remember which guest
/// registers they hold.
/// </summary>
internal sealed class ValuePlaces
{
    private readonly LoweringContext _context;
    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly PinnedRegisters _pins;
    private readonly OperandSize _word;
    private readonly TemporaryCache _held = new();

    private Operand[] _places = new Operand[512];
    private bool[] _isPlaced = new bool[512];
    private int _freeTemporaries;

    // A temporary that holds a branch's condition while its delay slot is lowered.
    private int _reserved;

    /// <summary>Makes the part that knows where values are.</summary>
    public ValuePlaces(LoweringContext context)
    {
        _context = context;
        _code = context.Code;
        _list = context.List;
        _pins = context.Pins;
        _word = context.Word;
        Uses = new ValueUses(context.List);
    }

    /// <summary>How often values are still used.</summary>
    public ValueUses Uses { get; }

    /// <summary>Whether the instruction cannot be lowered.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The operations of the instruction.</summary>
    public MicroRange Range { get; private set; }

    /// <summary>
    /// Brings a comparison, which has no place until somebody asks for one, into a register.
    /// </summary>
    public required Action<int, Register> Materialize { get; init; }

    /// <summary>Starts a superblock: temporaries hold nothing.</summary>
    public void BeginSuperblock()
    {
        _held.Clear();
        _reserved = 0;
    }

    /// <summary>Starts an instruction: no value is anywhere yet.</summary>
    public void Begin(MicroRange range)
    {
        if (_places.Length < range.End)
        {
            int length = Math.Max(range.End, _places.Length * 2);
            Array.Resize(ref _places, length);
            Array.Resize(ref _isPlaced, length);
        }

        HasFailed = false;
        Range = range;
        _freeTemporaries = HostLayout.TemporaryMask & ~_reserved;
        _isPlaced.AsSpan(range.Start, range.End - range.Start).Clear();
        Uses.Begin(range);
    }

    /// <summary>Says that the instruction cannot be lowered.</summary>
    public void Fail() => HasFailed = true;

    /// <summary>Whether a value is in a place.</summary>
    public bool IsPlaced(int value) => _isPlaced[value];

    /// <summary>Keeps a temporary for as long as the delay slot is lowered.</summary>
    public void Reserve(Register temporary)
    {
        _held.Overwrite(temporary);
        _reserved = 1 << (int)temporary;
    }

    /// <summary>Reserves none any more, from the next instruction on.</summary>
    public void EndReservation() => _reserved = 0;

    /// <summary>
    /// A value as a register or memory; constants and comparisons are brought into a temporary first.
    /// </summary>
    public Operand PlaceOf(int value)
    {
        if (_isPlaced[value])
        {
            return _places[value];
        }

        MicroOperation operation = _list[value];
        if (operation.Kind == MicroOperationKind.Get)
        {
            return PlaceOfRegister(value, operation.A);
        }

        Register register = TakeTemporary();
        if (operation.Kind == MicroOperationKind.Constant)
        {
            _code.MovImmediate(register, operation.Constant);
        }
        else
        {
            Materialize(value, register);
        }

        Place(value, register);
        return register;
    }

    /// <summary>The same as a register; a value that lives in memory is copied.</summary>
    public Register RegisterOf(int value)
    {
        Operand place = PlaceOf(value);
        if (!place.IsMemory)
        {
            return place.Register;
        }

        Register register = TakeTemporary();
        _code.Mov(_word, register, place);
        Place(value, register);
        if (_list[value].Kind == MicroOperationKind.Get)
        {
            _held.Hold(register, _list[value].A);
        }

        return register;
    }

    /// <summary>
    /// The host register of a guest register: its own, one that holds it, or one that will from now on.
    /// </summary>
    public Register RegisterHolding(int register)
    {
        if (_pins.IsPinned(register))
        {
            return _pins[register].Register;
        }

        if (!_held.TryFind(register, out Register temporary) || ((_reserved >> (int)temporary) & 1) != 0)
        {
            temporary = TakeTemporary();
            _code.Mov(_word, temporary, _pins[register]);
            _held.Hold(temporary, register);
        }

        _freeTemporaries &= ~(1 << (int)temporary);
        return temporary;
    }

    /// <summary>Says where a value is.</summary>
    public void Place(int value, Register register)
    {
        _places[value] = register;
        _isPlaced[value] = true;
    }

    /// <summary>Says that an operation has used a value; after the last use its temporary is free.</summary>
    public void Release(int value)
    {
        Uses[value]--;
        if (Uses[value] <= 0
            && _isPlaced[value]
            && IsTemporary(_places[value])
            && !IsShared(value, _places[value].Register))
        {
            _freeTemporaries |= 1 << (int)_places[value].Register;
        }
    }

    /// <summary>Whether a place is a temporary.</summary>
    public static bool IsTemporary(Operand place) =>
        !place.IsMemory && ((HostLayout.TemporaryMask >> (int)place.Register) & 1) != 0;

    /// <summary>A temporary to use; fails if there is none.</summary>
    public Register TakeTemporary()
    {
        if (_freeTemporaries == 0)
        {
            Fail();
            return HostLayout.Temporaries[0];
        }

        Register register = _held.Choose(_freeTemporaries);
        _freeTemporaries &= ~(1 << (int)register);
        _held.Overwrite(register);
        return register;
    }

    /// <summary>
    /// Takes a certain temporary; values of guest registers held there are read from memory again.
    /// </summary>
    public void Take(Register register)
    {
        if (_held.Holds(register))
        {
            for (int value = Range.Start; value < Range.End; value++)
            {
                _isPlaced[value] &= !_places[value].Is(register);
            }

            Free(register);
            _held.Overwrite(register);
        }

        HasFailed |= ((_freeTemporaries >> (int)register) & 1) == 0;
        _freeTemporaries &= ~(1 << (int)register);
    }

    /// <summary>Says that a register, if it is a temporary, is free.</summary>
    public void Free(Register register)
    {
        if (IsTemporary(register))
        {
            _freeTemporaries |= 1 << (int)register;
        }
    }

    /// <summary>Says that a temporary is in use.</summary>
    public void Occupy(Register register) => _freeTemporaries &= ~(1 << (int)register);

    /// <summary>Says that a temporary gets another value than that of a guest register.</summary>
    public void Overwrite(Register temporary) => _held.Overwrite(temporary);

    /// <summary>Whether a register is the only place of a value that nobody uses any more.</summary>
    public bool IsOnlyIn(int value, Register register) =>
        Uses[value] == 0 && IsTemporary(register) && !IsShared(value, register);

    /// <summary>Says that a value has been computed into a register.</summary>
    public void Define(int value, Register register)
    {
        Occupy(register);
        _held.Overwrite(register);
        Place(value, register);
    }

    /// <summary>
    /// Where a value should be computed: in the pinned register that the next operation sets to it, in the
    /// temporary of an operand used for the last time, or in another.
    /// </summary>
    public Register DestinationOf(int value, int operand)
    {
        if (PinSetNext(value) is { } pin)
        {
            return pin;
        }

        bool reuses = Uses[operand] == 1
            && _isPlaced[operand]
            && IsTemporary(_places[operand])
            && !IsShared(operand, _places[operand].Register)
            && (_freeTemporaries == 0 || !_held.Holds(_places[operand].Register));
        return reuses ? _places[operand].Register : TakeTemporary();
    }

    /// <summary>
    /// The pinned register that the next operation, and nobody else, sets to a value; null for none.
    /// </summary>
    public Register? PinSetNext(int value)
    {
        int next = value + 1;
        return Uses[value] == 1
            && next < Range.End
            && _list[next].Kind == MicroOperationKind.Set
            && _list[next].B == value
            && _pins.IsPinned(_list[next].A)
                ? _pins[_list[next].A].Register
                : null;
    }

    /// <summary>
    /// As <see cref="Define"/>; an operand's temporary, if the value took it over, stays taken.
    /// </summary>
    public void Finish(int value, Register destination, params ReadOnlySpan<int> operands)
    {
        foreach (int operand in operands)
        {
            Release(operand);
        }

        Define(value, destination);
    }

    /// <summary>Sets a guest register to a value.</summary>
    public void Set(int register, int value)
    {
        Register? held = null;
        Operand target = _pins[register];
        if (!target.IsMemory)
        {
            MoveTo(target.Register, value);
        }
        else if (_context.TryImmediate(value, out int immediate))
        {
            _code.MovImmediate(_word, target, immediate);
        }
        else
        {
            Register source = RegisterOf(value);
            _code.MovInto(_word, target, source);
            held = IsTemporary(source) ? source : null;
        }

        _held.Set(register);
        if (held is { } temporary)
        {
            _held.Hold(temporary, register);
        }

        Release(value);
    }

    /// <summary>Brings a value into a register, and leaves the flags unless it is a comparison.</summary>
    public void MoveTo(Register register, int value)
    {
        if (_context.IsConstant(value))
        {
            _code.MovImmediate(register, _list[value].Constant);
        }
        else if (!_isPlaced[value] && LoweringContext.IsComparison(_list[value].Kind))
        {
            Materialize(value, register);
        }
        else
        {
            Operand place = PlaceOf(value);
            if (!place.Is(register))
            {
                _code.Mov(_word, register, place);
            }
        }
    }

    /// <summary>
    /// Whether a later operation reads a register's value where it is: then it must still be there.
    /// </summary>
    public bool IsReadLater(int index, int register)
    {
        for (int later = index + 1; later < Range.End; later++)
        {
            MicroOperation operation = _list[later];
            int count = MicroOperands.CountOf(operation.Kind);
            if ((count > 0 && IsRegister(operation.A, register))
                || (count > 1 && IsRegister(operation.B, register))
                || (count > 2 && IsRegister(operation.C, register))
                || (operation.Kind == MicroOperationKind.Set && IsRegister(operation.B, register)))
            {
                return true;
            }
        }

        return false;
    }

    private Operand PlaceOfRegister(int value, int register)
    {
        if (_pins.IsPinned(register)
            || !_held.TryFind(register, out Register temporary)
            || ((_reserved >> (int)temporary) & 1) != 0)
        {
            return _pins[register];
        }

        _freeTemporaries &= ~(1 << (int)temporary);
        Place(value, temporary);
        return temporary;
    }

    // Whether a temporary holds another value that is still needed, of which one is part of the other.
    private bool IsShared(int value, Register register)
    {
        for (int other = Range.Start; other < Range.End; other++)
        {
            if (other != value && _isPlaced[other] && Uses[other] > 0 && _places[other].Is(register))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsRegister(int value, int register) =>
        _list[value].Kind == MicroOperationKind.Get && _list[value].A == register && !_isPlaced[value];
}
