using Culverin.X64;

namespace Culverin.Translate;

/// <summary>Where values are.</summary>
internal sealed partial class Lowering
{
    // A constant that instructions take as an immediate, which they sign-extend from 32 bits.
    private bool TryImmediate(int value, out int immediate)
    {
        ulong constant = _list[value].Constant;
        immediate = (int)constant;
        return _list[value].Kind == MicroOperationKind.Constant
            && (!_wide || (long)constant == immediate);
    }

    private bool IsConstant(int value) => _list[value].Kind == MicroOperationKind.Constant;

    private static bool IsComparison(MicroOperationKind kind) => kind
        is MicroOperationKind.EqualTo
            or MicroOperationKind.LessThanSigned
            or MicroOperationKind.LessThanUnsigned;

    // A value as a register or memory; constants and conditions are brought into a temporary first.
    private Operand PlaceOf(int value)
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

    private Operand PlaceOfRegister(int value, int register)
    {
        if (_pins.IsPinned(register)
            || !_cache.TryFind(register, out Register temporary)
            || ((_reserved >> (int)temporary) & 1) != 0)
        {
            return _pins[register];
        }

        _freeTemporaries &= ~(1 << (int)temporary);
        Place(value, temporary);
        return temporary;
    }

    // The same as a register; a register that lives in memory is copied.
    private Register RegisterOf(int value)
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
            _cache.Hold(register, _list[value].A);
        }

        return register;
    }

    private void Place(int value, Register register)
    {
        _places[value] = register;
        _isPlaced[value] = true;
    }

    // Says that an operation has used a value; after the last use its temporary is free.
    private void Release(int value)
    {
        _usesLeft[value]--;
        if (_usesLeft[value] <= 0
            && _isPlaced[value]
            && IsTemporary(_places[value])
            && !IsShared(value, _places[value].Register))
        {
            _freeTemporaries |= 1 << (int)_places[value].Register;
        }
    }

    // Whether a temporary holds another value that is still needed, of which one is part of the other.
    private bool IsShared(int value, Register register)
    {
        for (int other = _range.Start; other < _range.End; other++)
        {
            if (other != value && _isPlaced[other] && _usesLeft[other] > 0 && _places[other].Is(register))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTemporary(Operand place) =>
        !place.IsMemory && ((AllTemporaries >> (int)place.Register) & 1) != 0;

    private Register TakeTemporary()
    {
        if (_freeTemporaries == 0)
        {
            _failed = true;
            return HostLayout.Temporaries[0];
        }

        Register register = _cache.Choose(_freeTemporaries);
        _freeTemporaries &= ~(1 << (int)register);
        _cache.Overwrite(register);
        return register;
    }

    // Registers whose values are held there are read from memory again.
    private void Take(Register register)
    {
        if (_cache.Holds(register))
        {
            for (int value = _range.Start; value < _range.End; value++)
            {
                _isPlaced[value] &= !_places[value].Is(register);
            }

            Free(register);
            _cache.Overwrite(register);
        }

        _failed |= ((_freeTemporaries >> (int)register) & 1) == 0;
        _freeTemporaries &= ~(1 << (int)register);
    }

    private void Free(Register register)
    {
        if (IsTemporary(register))
        {
            _freeTemporaries |= 1 << (int)register;
        }
    }

    // Where a value should be computed: in the pinned register that the next operation sets to it, in the
    // temporary of an operand used for the last time, or in another.
    private Register DestinationOf(MicroRange range, int value, int operand)
    {
        if (PinSetNext(range, value) is { } pin)
        {
            return pin;
        }

        bool reuses = _usesLeft[operand] == 1
            && _isPlaced[operand]
            && IsTemporary(_places[operand])
            && !IsShared(operand, _places[operand].Register)
            && (_freeTemporaries == 0 || !_cache.Holds(_places[operand].Register));
        return reuses ? _places[operand].Register : TakeTemporary();
    }

    private Register? PinSetNext(MicroRange range, int value)
    {
        int next = value + 1;
        return _usesLeft[value] == 1
            && next < range.End
            && _list[next].Kind == MicroOperationKind.Set
            && _list[next].B == value
            && _pins.IsPinned(_list[next].A)
                ? _pins[_list[next].A].Register
                : null;
    }

    // An operand's temporary, if the destination took it over, stays taken.
    private void Finish(int value, Register destination, params System.ReadOnlySpan<int> operands)
    {
        foreach (int operand in operands)
        {
            Release(operand);
        }

        _freeTemporaries &= ~(1 << (int)destination);
        _cache.Overwrite(destination);
        Place(value, destination);
    }

    private void LowerSet(MicroRange range, int index)
    {
        int register = _list[index].A;
        int value = _list[index].B;
        if (IsReadLater(range, index, register))
        {
            _failed = true;
            return;
        }

        _alignments.Set(register, value);
        Register? held = null;
        Operand target = _pins[register];
        if (!target.IsMemory)
        {
            MoveTo(target.Register, value);
        }
        else if (TryImmediate(value, out int immediate))
        {
            _code.MovImmediate(_word, target, immediate);
        }
        else
        {
            Register source = RegisterOf(value);
            _code.MovInto(_word, target, source);
            held = IsTemporary(source) ? source : null;
        }

        _cache.Set(register);
        if (held is { } temporary)
        {
            _cache.Hold(temporary, register);
        }

        Release(value);
    }

    // Leaves the flags.
    private void MoveTo(Register register, int value)
    {
        if (IsConstant(value))
        {
            _code.MovImmediate(register, _list[value].Constant);
        }
        else if (!_isPlaced[value] && IsComparison(_list[value].Kind))
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

    // A value that is a register's is read where it is used: then it must still be there.
    private bool IsReadLater(MicroRange range, int index, int register)
    {
        for (int later = index + 1; later < range.End; later++)
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

    private bool IsRegister(int value, int register) =>
        _list[value].Kind == MicroOperationKind.Get && _list[value].A == register && !_isPlaced[value];
}
