using System.Numerics;
using System.Runtime.CompilerServices;
using Culverin.Execute;
using Culverin.Isa;

namespace Culverin.Translate.Ir;

/// <summary>
/// The machine whose values are micro-operations: an instruction body run on it is written down instead of
/// done. Operations on constants are done at once, by <see cref="DirectMachine{TWord, TPort}"/>, and those
/// that change nothing are left out.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal readonly struct TranslatingMachine<TWord> : IMachine<MicroValue>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    private readonly MicroOperationList _list;
    private readonly TWord _pc;
    private readonly bool _hasThreads;

    /// <summary>Makes a machine for one instruction.</summary>
    /// <param name="list">Where the operations go.</param>
    /// <param name="pc">Address of the instruction; the next one follows it.</param>
    /// <param name="hasThreads">Whether the version has threads, and so reservations that can fail.</param>
    public TranslatingMachine(MicroOperationList list, TWord pc, bool hasThreads)
    {
        _list = list;
        _pc = pc;
        _hasThreads = hasThreads;
    }

    private static bool IsWide => Unsafe.SizeOf<TWord>() == sizeof(ulong);

    private static ulong AllOnes => IsWide ? ulong.MaxValue : uint.MaxValue;

    /// <inheritdoc/>
    public MicroValue Get(int register) => _list.Get(register);

    /// <inheritdoc/>
    public void Set(int register, MicroValue value) => _list.Set(register, value);

    /// <inheritdoc/>
    public MicroValue GetHi() => _list.Get(GuestRegister.Hi);

    /// <inheritdoc/>
    public void SetHi(MicroValue value) => _list.Set(GuestRegister.Hi, value);

    /// <inheritdoc/>
    public MicroValue GetLo() => _list.Get(GuestRegister.Lo);

    /// <inheritdoc/>
    public void SetLo(MicroValue value) => _list.Set(GuestRegister.Lo, value);

    /// <inheritdoc/>
    public MicroValue Constant(long value) => Constant(TWord.CreateTruncating(value));

    /// <inheritdoc/>
    public MicroValue LinkAddress() => Constant(_pc + TWord.CreateTruncating(8));

    /// <inheritdoc/>
    public MicroValue Add(MicroValue a, MicroValue b) =>
        IsZero(b) ? a : IsZero(a) ? b : Binary(MicroOperationKind.Add, a, b);

    /// <inheritdoc/>
    public MicroValue Subtract(MicroValue a, MicroValue b) =>
        IsZero(b) ? a : Binary(MicroOperationKind.Subtract, a, b);

    /// <inheritdoc/>
    public MicroValue Or(MicroValue a, MicroValue b) =>
        IsZero(b) ? a : IsZero(a) ? b : Binary(MicroOperationKind.Or, a, b);

    /// <inheritdoc/>
    public MicroValue Xor(MicroValue a, MicroValue b) =>
        IsZero(b) ? a : IsZero(a) ? b : Binary(MicroOperationKind.Xor, a, b);

    /// <inheritdoc/>
    public MicroValue AndNot(MicroValue a, MicroValue b) =>
        _list.IsConstant(b) ? And(a, Not(b)) : Binary(MicroOperationKind.AndNot, a, b);

    /// <inheritdoc/>
    public MicroValue And(MicroValue a, MicroValue b) =>
        IsZero(b) ? b : _list.IsConstant(b, AllOnes) ? a : Binary(MicroOperationKind.And, a, b);

    /// <inheritdoc/>
    public MicroValue ShiftLeft(MicroValue a, MicroValue count) =>
        IsZero(count) ? a : Binary(MicroOperationKind.ShiftLeft, a, count);

    /// <inheritdoc/>
    public MicroValue ShiftRightLogical(MicroValue a, MicroValue count) =>
        IsZero(count) ? a : Binary(MicroOperationKind.ShiftRightLogical, a, count);

    /// <inheritdoc/>
    public MicroValue ShiftRightArithmetic(MicroValue a, MicroValue count) =>
        IsZero(count) ? a : Binary(MicroOperationKind.ShiftRightArithmetic, a, count);

    /// <inheritdoc/>
    public MicroValue SignExtend32(MicroValue a) =>
        IsWide ? Unary(MicroOperationKind.SignExtend32, a) : a;

    /// <inheritdoc/>
    public MicroValue ZeroExtend32(MicroValue a) =>
        IsWide ? Unary(MicroOperationKind.ZeroExtend32, a) : a;

    /// <inheritdoc/>
    public MicroValue Not(MicroValue a) => Unary(MicroOperationKind.Not, a);

    /// <inheritdoc/>
    public MicroValue SignExtend8(MicroValue a) => Unary(MicroOperationKind.SignExtend8, a);

    /// <inheritdoc/>
    public MicroValue SignExtend16(MicroValue a) => Unary(MicroOperationKind.SignExtend16, a);

    /// <inheritdoc/>
    public MicroValue CountLeadingZeros32(MicroValue a) => Unary(MicroOperationKind.CountLeadingZeros32, a);

    /// <inheritdoc/>
    public MicroValue CountLeadingZeros(MicroValue a) => Unary(MicroOperationKind.CountLeadingZeros, a);

    /// <inheritdoc/>
    public MicroValue Multiply(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.Multiply, a, b);

    /// <inheritdoc/>
    public MicroValue EqualTo(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.EqualTo, a, b);

    /// <inheritdoc/>
    public MicroValue LessThanSigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.LessThanSigned, a, b);

    /// <inheritdoc/>
    public MicroValue LessThanUnsigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.LessThanUnsigned, a, b);

    /// <inheritdoc/>
    public MicroValue MultiplyHighSigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.MultiplyHighSigned, a, b);

    /// <inheritdoc/>
    public MicroValue MultiplyHighUnsigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.MultiplyHighUnsigned, a, b);

    /// <inheritdoc/>
    public MicroValue DivideSigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.DivideSigned, a, b);

    /// <inheritdoc/>
    public MicroValue RemainderSigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.RemainderSigned, a, b);

    /// <inheritdoc/>
    public MicroValue DivideUnsigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.DivideUnsigned, a, b);

    /// <inheritdoc/>
    public MicroValue RemainderUnsigned(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.RemainderUnsigned, a, b);

    /// <inheritdoc/>
    public MicroValue MultiplyHighSigned32(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.MultiplyHighSigned32, a, b);

    /// <inheritdoc/>
    public MicroValue MultiplyHighUnsigned32(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.MultiplyHighUnsigned32, a, b);

    /// <inheritdoc/>
    public MicroValue DivideSigned32(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.DivideSigned32, a, b);

    /// <inheritdoc/>
    public MicroValue RemainderSigned32(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.RemainderSigned32, a, b);

    /// <inheritdoc/>
    public MicroValue DivideUnsigned32(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.DivideUnsigned32, a, b);

    /// <inheritdoc/>
    public MicroValue RemainderUnsigned32(MicroValue a, MicroValue b) =>
        Binary(MicroOperationKind.RemainderUnsigned32, a, b);

    /// <inheritdoc/>
    public MicroValue Select(MicroValue condition, MicroValue whenTrue, MicroValue whenFalse) =>
        _list.IsConstant(condition)
            ? IsZero(condition) ? whenFalse : whenTrue
            : whenTrue == whenFalse
                ? whenTrue
                : _list.Ternary(MicroOperationKind.Select, condition, whenTrue, whenFalse);

    /// <inheritdoc/>
    public MicroValue Load(MicroValue address, Width width) => _list.Load(address, width);

    /// <inheritdoc/>
    public void Store(MicroValue address, Width width, MicroValue value) =>
        _list.Store(address, width, value);

    /// <inheritdoc/>
    public MicroValue LoadLinked(MicroValue address, Width width)
    {
        if (_hasThreads)
        {
            _list.Leave();
        }

        return _list.Load(address, width);
    }

    /// <inheritdoc/>
    public MicroValue StoreConditional(MicroValue address, Width width, MicroValue value)
    {
        if (_hasThreads)
        {
            _list.Leave();
        }

        _list.Store(address, width, value);
        return Constant(TWord.One);
    }

    /// <inheritdoc/>
    public void BranchIf(MicroValue condition, int offset)
    {
        TWord target = _pc + TWord.CreateTruncating(4 + ((long)offset << 2));
        if (_list.IsConstant(condition))
        {
            Jump(IsZero(condition) ? _pc + TWord.CreateTruncating(8) : target);
        }
        else
        {
            _list.BranchIf(condition, ulong.CreateTruncating(target));
        }
    }

    /// <inheritdoc/>
    public void Jump(int index)
    {
        TWord next = _pc + TWord.CreateTruncating(4);
        TWord region = next & TWord.CreateTruncating(-0x1000_0000L);
        Jump(region | TWord.CreateTruncating((uint)index << 2));
    }

    /// <inheritdoc/>
    public void JumpRegister(MicroValue address)
    {
        if (_list.IsConstant(address))
        {
            Jump(TWord.CreateTruncating(_list[address.Index].Constant));
        }
        else
        {
            _ = _list.Unary(MicroOperationKind.JumpRegister, address);
        }
    }

    /// <inheritdoc/>
    public void TrapIf(MicroValue condition, TrapReason reason)
    {
        if (!_list.IsConstant(condition))
        {
            _ = _list.Unary(MicroOperationKind.TrapIf, condition);
        }
        else if (!IsZero(condition))
        {
            _list.Leave();
        }
    }

    /// <inheritdoc/>
    public void Syscall() => _list.Leave();

    private bool IsZero(MicroValue value) => _list.IsConstant(value, 0);

    private MicroValue Constant(TWord value) => _list.Constant(ulong.CreateTruncating(value));

    private void Jump(TWord target) => _list.Jump(ulong.CreateTruncating(target));

    private MicroValue Unary(MicroOperationKind kind, MicroValue a) =>
        _list.IsConstant(a)
            ? Constant(ConstantFolding<TWord>.Fold(kind, WordOf(a)))
            : _list.Unary(kind, a);

    private MicroValue Binary(MicroOperationKind kind, MicroValue a, MicroValue b) =>
        _list.IsConstant(a) && _list.IsConstant(b)
            ? Constant(ConstantFolding<TWord>.Fold(kind, WordOf(a), WordOf(b)))
            : _list.Binary(kind, a, b);

    private TWord WordOf(MicroValue constant) => TWord.CreateTruncating(_list[constant.Index].Constant);
}
