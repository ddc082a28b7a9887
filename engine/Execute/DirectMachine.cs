using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Isa;

namespace Culverin.Execute;

/// <summary>
/// The machine whose values are words: micro-operations done at once with C# operators. It assumes of C# that
/// shifts take the count modulo the operand's bits, that conversions to a narrower integer truncate, and that
/// INT_MIN / -1 throws; only the last needs care.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
/// <typeparam name="TPort">Where the state lives.</typeparam>
internal struct DirectMachine<TWord, TPort> : IMachine<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
    where TPort : struct, IPort<TWord>
{
    /// <summary>The port; a field, so that changes made through the machine stay.</summary>
    internal TPort Port;

    /// <summary>Makes a machine over a port.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DirectMachine(TPort port) => Port = port;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Get(int register) => Port.GetRegister(register);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int register, TWord value) => Port.SetRegister(register, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord GetHi() => Port.Hi;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetHi(TWord value) => Port.Hi = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord GetLo() => Port.Lo;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetLo(TWord value) => Port.Lo = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Constant(long value) => TWord.CreateTruncating(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord LinkAddress() => Port.Pc + TWord.CreateTruncating(8);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Add(TWord a, TWord b) => unchecked(a + b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Subtract(TWord a, TWord b) => unchecked(a - b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Multiply(TWord a, TWord b) => unchecked(a * b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord And(TWord a, TWord b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord AndNot(TWord a, TWord b) => a & ~b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Or(TWord a, TWord b) => a | b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Xor(TWord a, TWord b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Not(TWord a) => ~a;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord ShiftLeft(TWord a, TWord count) => a << int.CreateTruncating(count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord ShiftRightLogical(TWord a, TWord count) => a >>> int.CreateTruncating(count);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord ShiftRightArithmetic(TWord a, TWord count) =>
        Unsafe.SizeOf<TWord>() == sizeof(uint)
            ? TWord.CreateTruncating(int.CreateTruncating(a) >> int.CreateTruncating(count))
            : TWord.CreateTruncating(long.CreateTruncating(a) >> int.CreateTruncating(count));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord SignExtend8(TWord a) => TWord.CreateTruncating(sbyte.CreateTruncating(a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord SignExtend16(TWord a) => TWord.CreateTruncating(short.CreateTruncating(a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord SignExtend32(TWord a) => TWord.CreateTruncating(int.CreateTruncating(a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord ZeroExtend32(TWord a) => TWord.CreateTruncating(uint.CreateTruncating(a));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord EqualTo(TWord a, TWord b) => Flag(a == b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord LessThanSigned(TWord a, TWord b) =>
        Unsafe.SizeOf<TWord>() == sizeof(uint)
            ? Flag(int.CreateTruncating(a) < int.CreateTruncating(b))
            : Flag(long.CreateTruncating(a) < long.CreateTruncating(b));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord LessThanUnsigned(TWord a, TWord b) => Flag(a < b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Select(TWord condition, TWord whenTrue, TWord whenFalse) =>
        condition != TWord.Zero ? whenTrue : whenFalse;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord CountLeadingZeros32(TWord a) =>
        TWord.CreateTruncating(BitOperations.LeadingZeroCount(uint.CreateTruncating(a)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord CountLeadingZeros(TWord a) =>
        Unsafe.SizeOf<TWord>() == sizeof(uint)
            ? TWord.CreateTruncating(BitOperations.LeadingZeroCount(uint.CreateTruncating(a)))
            : TWord.CreateTruncating(BitOperations.LeadingZeroCount(ulong.CreateTruncating(a)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord MultiplyHighSigned(TWord a, TWord b) =>
        Unsafe.SizeOf<TWord>() == sizeof(uint)
            ? MultiplyHighSigned32(a, b)
            : TWord.CreateTruncating(
                Math.BigMul(long.CreateTruncating(a), long.CreateTruncating(b), out _));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord MultiplyHighUnsigned(TWord a, TWord b) =>
        Unsafe.SizeOf<TWord>() == sizeof(uint)
            ? MultiplyHighUnsigned32(a, b)
            : TWord.CreateTruncating(
                Math.BigMul(ulong.CreateTruncating(a), ulong.CreateTruncating(b), out _));

    // The host faults on minimum / -1, so that divisor takes the way of negation.
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord DivideSigned(TWord a, TWord b)
    {
        long divisor = SignExtendWord(b);
        long dividend = SignExtendWord(a);
        return divisor == -1
            ? unchecked(TWord.Zero - a)
            : TWord.CreateTruncating(dividend / NonZero(divisor));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord RemainderSigned(TWord a, TWord b)
    {
        long divisor = SignExtendWord(b);
        long dividend = SignExtendWord(a);
        return divisor == -1 ? TWord.Zero : TWord.CreateTruncating(dividend % NonZero(divisor));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord DivideUnsigned(TWord a, TWord b) => a / NonZeroWord(b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord RemainderUnsigned(TWord a, TWord b) => a % NonZeroWord(b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord MultiplyHighSigned32(TWord a, TWord b) =>
        TWord.CreateTruncating((int)(((long)int.CreateTruncating(a) * int.CreateTruncating(b)) >> 32));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord MultiplyHighUnsigned32(TWord a, TWord b) =>
        TWord.CreateTruncating((int)(((ulong)uint.CreateTruncating(a) * uint.CreateTruncating(b)) >> 32));

    // The 64-bit quotient of INT_MIN / -1 exists, so the host never faults; truncation gives INT_MIN.
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord DivideSigned32(TWord a, TWord b) =>
        TWord.CreateTruncating((int)((long)int.CreateTruncating(a) / NonZero(int.CreateTruncating(b))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord RemainderSigned32(TWord a, TWord b) =>
        TWord.CreateTruncating((int)((long)int.CreateTruncating(a) % NonZero(int.CreateTruncating(b))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord DivideUnsigned32(TWord a, TWord b) =>
        TWord.CreateTruncating((int)(uint.CreateTruncating(a) / NonZero(uint.CreateTruncating(b))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord RemainderUnsigned32(TWord a, TWord b) =>
        TWord.CreateTruncating((int)(uint.CreateTruncating(a) % NonZero(uint.CreateTruncating(b))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord Load(TWord address, Width width) => Port.Load(address, width);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TWord address, Width width, TWord value) => Port.Store(address, width, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord LoadLinked(TWord address, Width width) => Port.LoadLinked(address, width);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TWord StoreConditional(TWord address, Width width, TWord value) =>
        Port.StoreConditional(address, width, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BranchIf(TWord condition, int offset) => Port.BranchIf(condition != TWord.Zero, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Jump(int index) => Port.Jump(index);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void JumpRegister(TWord address) => Port.JumpRegister(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TrapIf(TWord condition, TrapReason reason) => Port.TrapIf(condition != TWord.Zero, reason);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Syscall() => Port.Syscall();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWord Flag(bool condition) => condition ? TWord.One : TWord.Zero;

    // A port may only note a trap and go on, so the division after it must not fault on the host.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int NonZero(int divisor) => divisor == 0 ? 1 : divisor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long NonZero(long divisor) => divisor == 0 ? 1 : divisor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TWord NonZeroWord(TWord divisor) => divisor == TWord.Zero ? TWord.One : divisor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long SignExtendWord(TWord a) =>
        Unsafe.SizeOf<TWord>() == sizeof(uint) ? int.CreateTruncating(a) : long.CreateTruncating(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NonZero(uint divisor) => divisor == 0 ? 1 : divisor;
}
