using Culverin.Isa;

namespace Culverin.Translate.Ir;

/// <summary>
/// The micro-operations of the instructions of one superblock, in order, and what is known of registers after
/// them:
/// a superblock is entered at its start only, so a register that was set to a constant holds it from then on.
/// </summary>
internal sealed class MicroOperationList
{
    private readonly ulong[] _known = new ulong[GuestRegister.Count];
    private MicroOperation[] _operations = new MicroOperation[512];
    private ulong _knownMask;

    /// <summary>How many operations there are.</summary>
    public int Count { get; private set; }

    /// <summary>An operation.</summary>
    public ref MicroOperation this[int index] => ref _operations[index];

    /// <summary>Starts a new superblock; register 0 is known to be zero.</summary>
    public void Clear()
    {
        Count = 0;
        _known[0] = 0;
        _knownMask = 1;
    }

    /// <summary>How often operations read or write each register, at most 255 times counted.</summary>
    public byte[] CountRegisterUses()
    {
        byte[] uses = new byte[GuestRegister.Count];
        for (int index = 0; index < Count; index++)
        {
            MicroOperation operation = _operations[index];
            if (operation.Kind is MicroOperationKind.Get or MicroOperationKind.Set
                && uses[operation.A] < byte.MaxValue)
            {
                uses[operation.A]++;
            }
        }

        return uses;
    }

    /// <summary>Whether a value is a constant.</summary>
    public bool IsConstant(MicroValue value) =>
        _operations[value.Index].Kind == MicroOperationKind.Constant;

    /// <summary>Whether a value is this constant.</summary>
    public bool IsConstant(MicroValue value, ulong constant) =>
        IsConstant(value) && _operations[value.Index].Constant == constant;

    /// <summary>A constant word.</summary>
    public MicroValue Constant(ulong value)
    {
        MicroValue result = Append(MicroOperationKind.Constant);
        _operations[result.Index].Constant = value;
        return result;
    }

    /// <summary>A register's value: a constant where that is known.</summary>
    public MicroValue Get(int register)
    {
        if (IsKnown(register))
        {
            return Constant(_known[register]);
        }

        MicroValue result = Append(MicroOperationKind.Get);
        _operations[result.Index].A = register;
        return result;
    }

    /// <summary>Sets a register; register 0 stays zero.</summary>
    public void Set(int register, MicroValue value)
    {
        if (register == 0)
        {
            return;
        }

        int index = Append(MicroOperationKind.Set).Index;
        _operations[index].A = register;
        _operations[index].B = Use(value);
        _knownMask &= ~(1UL << register);
        if (IsConstant(value))
        {
            _knownMask |= 1UL << register;
            _known[register] = _operations[value.Index].Constant;
        }
    }

    /// <summary>An operation on one value.</summary>
    public MicroValue Unary(MicroOperationKind kind, MicroValue a)
    {
        MicroValue result = Append(kind);
        _operations[result.Index].A = Use(a);
        return result;
    }

    /// <summary>An operation on two values.</summary>
    public MicroValue Binary(MicroOperationKind kind, MicroValue a, MicroValue b)
    {
        MicroValue result = Append(kind);
        _operations[result.Index].A = Use(a);
        _operations[result.Index].B = Use(b);
        return result;
    }

    /// <summary>An operation on three values.</summary>
    public MicroValue Ternary(MicroOperationKind kind, MicroValue a, MicroValue b, MicroValue c)
    {
        MicroValue result = Binary(kind, a, b);
        _operations[result.Index].C = Use(c);
        return result;
    }

    /// <summary>A load.</summary>
    public MicroValue Load(MicroValue address, Width width)
    {
        MicroValue result = Unary(MicroOperationKind.Load, address);
        _operations[result.Index].Width = width;
        return result;
    }

    /// <summary>A store.</summary>
    public void Store(MicroValue address, Width width, MicroValue value)
    {
        MicroValue result = Binary(MicroOperationKind.Store, address, value);
        _operations[result.Index].Width = width;
    }

    /// <summary>Makes the last operation, an access through a register, one of an unaligned run.</summary>
    /// <param name="first">Lowest offset of the run's accesses from the register.</param>
    /// <param name="last">Offset of the last byte that they access.</param>
    public void MarkUnaligned(int first, int last)
    {
        ref MicroOperation access = ref _operations[Count - 1];
        access.IsUnaligned = true;
        access.Constant = (uint)first | ((ulong)(uint)last << 32);
    }

    /// <summary>Whether a register's value is a known constant.</summary>
    public bool IsKnown(int register) => ((_knownMask >> register) & 1) != 0;

    /// <summary>A branch to an address after the next instruction.</summary>
    public void BranchIf(MicroValue condition, ulong target)
    {
        MicroValue result = Unary(MicroOperationKind.BranchIf, condition);
        _operations[result.Index].Constant = target;
    }

    /// <summary>A jump to an address after the next instruction.</summary>
    public void Jump(ulong target)
    {
        MicroValue result = Append(MicroOperationKind.Jump);
        _operations[result.Index].Constant = target;
    }

    /// <summary>The interpreter must execute the instruction.</summary>
    public void Leave() => Append(MicroOperationKind.Leave);

    private int Use(MicroValue value)
    {
        _operations[value.Index].UseCount++;
        return value.Index;
    }

    private MicroValue Append(MicroOperationKind kind)
    {
        if (Count == _operations.Length)
        {
            Array.Resize(ref _operations, Count * 2);
        }

        _operations[Count] = new MicroOperation { Kind = kind };
        return new MicroValue(Count++);
    }
}
