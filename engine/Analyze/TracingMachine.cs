using Culverin.Isa;

namespace Culverin.Analyze;

/// <summary>A word that is known from the code alone, or not.</summary>
/// <param name="IsKnown">Whether the value is certain.</param>
/// <param name="Value">The value, if certain; one of 32 bits is sign-extended.</param>
internal readonly record struct TracedValue(bool IsKnown, ulong Value)
{
    /// <summary>Any word.</summary>
    public static TracedValue Unknown => default;

    /// <summary>A certain word.</summary>
    public static TracedValue Of(ulong value) => new(true, value);

    /// <summary>A certain truth.</summary>
    public static TracedValue Of(bool condition) => Of(condition ? 1UL : 0UL);
}

/// <summary>
/// The machine that runs instruction bodies on what is known before the program runs. It computes the few
/// operations that compilers build constants and addresses with; every other result is simply unknown, which
/// is always a true answer.
/// </summary>
internal readonly struct TracingMachine(TracedStep step) : IMachine<TracedValue>
{
    public TracedValue Get(int register) => step.Get(register);

    public void Set(int register, TracedValue value) => step.Set(register, value);

    public TracedValue GetHi() => TracedValue.Unknown;

    public void SetHi(TracedValue value)
    {
    }

    public TracedValue GetLo() => TracedValue.Unknown;

    public void SetLo(TracedValue value)
    {
    }

    public TracedValue Constant(long value) => TracedValue.Of(unchecked((ulong)value));

    public TracedValue LinkAddress()
    {
        step.Links = true;
        return TracedValue.Of(step.Pc + 8);
    }

    public TracedValue Add(TracedValue a, TracedValue b) =>
        Both(a, b) ? TracedValue.Of(unchecked(a.Value + b.Value)) : TracedValue.Unknown;

    public TracedValue Subtract(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue Multiply(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue And(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue AndNot(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue Or(TracedValue a, TracedValue b) =>
        Both(a, b) ? TracedValue.Of(a.Value | b.Value) : TracedValue.Unknown;

    public TracedValue Xor(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue Not(TracedValue a) => TracedValue.Unknown;

    public TracedValue ShiftLeft(TracedValue a, TracedValue count) => TracedValue.Unknown;

    public TracedValue ShiftRightLogical(TracedValue a, TracedValue count) => TracedValue.Unknown;

    public TracedValue ShiftRightArithmetic(TracedValue a, TracedValue count) => TracedValue.Unknown;

    public TracedValue SignExtend8(TracedValue a) => TracedValue.Unknown;

    public TracedValue SignExtend16(TracedValue a) => TracedValue.Unknown;

    public TracedValue SignExtend32(TracedValue a) =>
        a.IsKnown ? TracedValue.Of(unchecked((ulong)(int)a.Value)) : a;

    public TracedValue ZeroExtend32(TracedValue a) =>
        a.IsKnown ? TracedValue.Of((ulong)(uint)a.Value) : a;

    public TracedValue EqualTo(TracedValue a, TracedValue b) =>
        Both(a, b) ? TracedValue.Of(a.Value == b.Value) : TracedValue.Unknown;

    public TracedValue LessThanSigned(TracedValue a, TracedValue b) =>
        Both(a, b) ? TracedValue.Of((long)a.Value < (long)b.Value) : TracedValue.Unknown;

    public TracedValue LessThanUnsigned(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue Select(TracedValue condition, TracedValue whenTrue, TracedValue whenFalse) =>
        TracedValue.Unknown;

    public TracedValue CountLeadingZeros32(TracedValue a) => TracedValue.Unknown;

    public TracedValue CountLeadingZeros(TracedValue a) => TracedValue.Unknown;

    public TracedValue MultiplyHighSigned(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue MultiplyHighUnsigned(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue DivideSigned(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue RemainderSigned(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue DivideUnsigned(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue RemainderUnsigned(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue MultiplyHighSigned32(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue MultiplyHighUnsigned32(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue DivideSigned32(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue RemainderSigned32(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue DivideUnsigned32(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue RemainderUnsigned32(TracedValue a, TracedValue b) => TracedValue.Unknown;

    public TracedValue Load(TracedValue address, Width width) => TracedValue.Unknown;

    public void Store(TracedValue address, Width width, TracedValue value)
    {
    }

    public TracedValue LoadLinked(TracedValue address, Width width) => TracedValue.Unknown;

    public TracedValue StoreConditional(TracedValue address, Width width, TracedValue value) =>
        TracedValue.Unknown;

    public void BranchIf(TracedValue condition, int offset)
    {
        bool never = condition.IsKnown && condition.Value == 0;
        if (!never)
        {
            step.Go(unchecked(step.Pc + 4 + (ulong)((long)offset << 2)), isCertain: condition.IsKnown);
        }
    }

    public void Jump(int index) =>
        step.Go(((step.Pc + 4) & ~0x0FFF_FFFFUL) | ((uint)index << 2), isCertain: true);

    public void JumpRegister(TracedValue address) =>
        step.Go(address.IsKnown ? address.Value : null, isCertain: true);

    public void TrapIf(TracedValue condition, TrapReason reason)
    {
    }

    public void Syscall() => step.IsSyscall = true;

    private static bool Both(TracedValue a, TracedValue b) => a.IsKnown && b.IsKnown;
}
