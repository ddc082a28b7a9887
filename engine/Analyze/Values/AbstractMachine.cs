using Culverin.Isa;

namespace Culverin.Analyze.Values;

/// <summary>
/// The machine that runs instruction bodies on what is known before the program runs. It computes the few
/// operations that compilers build constants and addresses with; every other result is simply unknown, which
/// is always a true answer.
/// </summary>
internal readonly struct AbstractMachine(AbstractStep step) : IMachine<AbstractValue>
{
    public AbstractValue Get(int register) => step.Get(register);

    public void Set(int register, AbstractValue value) => step.Set(register, value);

    public AbstractValue GetHi() => AbstractValue.Unknown;

    public void SetHi(AbstractValue value)
    {
    }

    public AbstractValue GetLo() => AbstractValue.Unknown;

    public void SetLo(AbstractValue value)
    {
    }

    public AbstractValue Constant(long value) => AbstractValue.Of(unchecked((ulong)value));

    public AbstractValue LinkAddress()
    {
        step.Links = true;
        return AbstractValue.Of(step.Pc + 8);
    }

    public AbstractValue Add(AbstractValue a, AbstractValue b) =>
        b.IsKnown ? Offset(a, b.Value) : a.IsKnown ? Offset(b, a.Value) : AbstractValue.Unknown;

    public AbstractValue Subtract(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue Multiply(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue And(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue AndNot(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue Or(AbstractValue a, AbstractValue b) =>
        Both(a, b) ? AbstractValue.Of(a.Value | b.Value)
        : IsZero(a) ? b
        : IsZero(b) ? a
        : AbstractValue.Unknown;

    public AbstractValue Xor(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue Not(AbstractValue a) => AbstractValue.Unknown;

    public AbstractValue ShiftLeft(AbstractValue a, AbstractValue count) => AbstractValue.Unknown;

    public AbstractValue ShiftRightLogical(AbstractValue a, AbstractValue count) => AbstractValue.Unknown;

    public AbstractValue ShiftRightArithmetic(AbstractValue a, AbstractValue count) => AbstractValue.Unknown;

    public AbstractValue SignExtend8(AbstractValue a) => AbstractValue.Unknown;

    public AbstractValue SignExtend16(AbstractValue a) => AbstractValue.Unknown;

    public AbstractValue SignExtend32(AbstractValue a) =>
        a.IsKnown ? AbstractValue.Of(unchecked((ulong)(int)a.Value))
        : step.WordBits == 32 ? a with { Value = unchecked((ulong)(int)a.Value) }
        : AbstractValue.Unknown;

    public AbstractValue ZeroExtend32(AbstractValue a) =>
        a.IsKnown ? AbstractValue.Of((ulong)(uint)a.Value) : AbstractValue.Unknown;

    public AbstractValue EqualTo(AbstractValue a, AbstractValue b) =>
        Both(a, b) ? AbstractValue.Of(a.Value == b.Value) : AbstractValue.Unknown;

    public AbstractValue LessThanSigned(AbstractValue a, AbstractValue b) =>
        Both(a, b) ? AbstractValue.Of((long)a.Value < (long)b.Value) : AbstractValue.Unknown;

    public AbstractValue LessThanUnsigned(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue Select(AbstractValue condition, AbstractValue whenTrue, AbstractValue whenFalse) =>
        AbstractValue.Unknown;

    public AbstractValue CountLeadingZeros32(AbstractValue a) => AbstractValue.Unknown;

    public AbstractValue CountLeadingZeros(AbstractValue a) => AbstractValue.Unknown;

    public AbstractValue MultiplyHighSigned(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue MultiplyHighUnsigned(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue DivideSigned(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue RemainderSigned(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue DivideUnsigned(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue RemainderUnsigned(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue MultiplyHighSigned32(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue MultiplyHighUnsigned32(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue DivideSigned32(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue RemainderSigned32(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue DivideUnsigned32(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue RemainderUnsigned32(AbstractValue a, AbstractValue b) => AbstractValue.Unknown;

    public AbstractValue Load(AbstractValue address, Width width) => step.Load(address, width);

    public void Store(AbstractValue address, Width width, AbstractValue value) =>
        step.Store(address, width, value);

    public AbstractValue LoadLinked(AbstractValue address, Width width) => AbstractValue.Unknown;

    public AbstractValue StoreConditional(AbstractValue address, Width width, AbstractValue value)
    {
        step.Store(address, width, AbstractValue.Unknown);
        return AbstractValue.Unknown;
    }

    public void BranchIf(AbstractValue condition, int offset)
    {
        bool never = condition.IsKnown && condition.Value == 0;
        if (!never)
        {
            step.Go(unchecked(step.Pc + 4 + (ulong)((long)offset << 2)), isCertain: condition.IsKnown);
        }
    }

    public void Jump(int index) =>
        step.Go(((step.Pc + 4) & ~0x0FFF_FFFFUL) | ((uint)index << 2), isCertain: true);

    public void JumpRegister(AbstractValue address) =>
        step.Go(address.IsKnown ? address.Value : null, isCertain: true);

    public void TrapIf(AbstractValue condition, TrapReason reason)
    {
    }

    public void Syscall() => step.IsSyscall = true;

    private static AbstractValue Offset(AbstractValue a, ulong offset) =>
        a.Origin is ValueOrigin.Constant or ValueOrigin.Register
            ? a with { Value = unchecked(a.Value + offset) }
            : offset == 0 ? a : AbstractValue.Unknown;

    private static bool IsZero(AbstractValue a) => a is { IsKnown: true, Value: 0 };

    private static bool Both(AbstractValue a, AbstractValue b) => a.IsKnown && b.IsKnown;
}
