using System.Numerics;
using Culverin.Execute;
using Culverin.Isa;

namespace Culverin.Translate.Ir;

/// <summary>
/// Does micro-operations on constants, by asking the machine whose values are words: what an operation means
/// is said there.
/// </summary>
/// <typeparam name="TWord">uint or ulong.</typeparam>
internal static class ConstantFolding<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>
{
    /// <summary>The result of an operation on one word.</summary>
    public static TWord Fold(MicroOperationKind kind, TWord a)
    {
        DirectMachine<TWord, NoPort> machine = default;
        return kind switch
        {
            MicroOperationKind.Not => machine.Not(a),
            MicroOperationKind.SignExtend8 => machine.SignExtend8(a),
            MicroOperationKind.SignExtend16 => machine.SignExtend16(a),
            MicroOperationKind.SignExtend32 => machine.SignExtend32(a),
            MicroOperationKind.ZeroExtend32 => machine.ZeroExtend32(a),
            MicroOperationKind.CountLeadingZeros32 => machine.CountLeadingZeros32(a),
            MicroOperationKind.CountLeadingZeros => machine.CountLeadingZeros(a),
            _ => throw NotFoldable(kind),
        };
    }

    /// <summary>The result of an operation on two words.</summary>
    public static TWord Fold(MicroOperationKind kind, TWord a, TWord b)
    {
        DirectMachine<TWord, NoPort> machine = default;
        return kind switch
        {
            MicroOperationKind.Add => machine.Add(a, b),
            MicroOperationKind.Subtract => machine.Subtract(a, b),
            MicroOperationKind.Multiply => machine.Multiply(a, b),
            MicroOperationKind.And => machine.And(a, b),
            MicroOperationKind.AndNot => machine.AndNot(a, b),
            MicroOperationKind.Or => machine.Or(a, b),
            MicroOperationKind.Xor => machine.Xor(a, b),
            MicroOperationKind.ShiftLeft => machine.ShiftLeft(a, b),
            MicroOperationKind.ShiftRightLogical => machine.ShiftRightLogical(a, b),
            MicroOperationKind.ShiftRightArithmetic => machine.ShiftRightArithmetic(a, b),
            MicroOperationKind.EqualTo => machine.EqualTo(a, b),
            MicroOperationKind.LessThanSigned => machine.LessThanSigned(a, b),
            MicroOperationKind.LessThanUnsigned => machine.LessThanUnsigned(a, b),
            MicroOperationKind.MultiplyHighSigned => machine.MultiplyHighSigned(a, b),
            MicroOperationKind.MultiplyHighUnsigned => machine.MultiplyHighUnsigned(a, b),
            MicroOperationKind.DivideSigned => machine.DivideSigned(a, b),
            MicroOperationKind.RemainderSigned => machine.RemainderSigned(a, b),
            MicroOperationKind.DivideUnsigned => machine.DivideUnsigned(a, b),
            MicroOperationKind.RemainderUnsigned => machine.RemainderUnsigned(a, b),
            MicroOperationKind.MultiplyHighSigned32 => machine.MultiplyHighSigned32(a, b),
            MicroOperationKind.MultiplyHighUnsigned32 => machine.MultiplyHighUnsigned32(a, b),
            MicroOperationKind.DivideSigned32 => machine.DivideSigned32(a, b),
            MicroOperationKind.RemainderSigned32 => machine.RemainderSigned32(a, b),
            MicroOperationKind.DivideUnsigned32 => machine.DivideUnsigned32(a, b),
            MicroOperationKind.RemainderUnsigned32 => machine.RemainderUnsigned32(a, b),
            _ => throw NotFoldable(kind),
        };
    }

    private static InvalidOperationException NotFoldable(MicroOperationKind kind) =>
        new($"{kind} is no operation on words.");

    // Folding touches no state.
    private readonly struct NoPort : IPort<TWord>
    {
        public TWord Hi
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public TWord Lo
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public TWord Pc => throw new NotSupportedException();

        public TWord GetRegister(int register) => throw new NotSupportedException();

        public void SetRegister(int register, TWord value) => throw new NotSupportedException();

        public TWord Load(TWord address, Width width) => throw new NotSupportedException();

        public void Store(TWord address, Width width, TWord value) => throw new NotSupportedException();

        public TWord LoadLinked(TWord address, Width width) => throw new NotSupportedException();

        public TWord StoreConditional(TWord address, Width width, TWord value) =>
            throw new NotSupportedException();

        public void BranchIf(bool taken, int offset) => throw new NotSupportedException();

        public void Jump(int index) => throw new NotSupportedException();

        public void JumpRegister(TWord address) => throw new NotSupportedException();

        public void TrapIf(bool condition, TrapReason reason) => throw new NotSupportedException();

        public void Syscall() => throw new NotSupportedException();
    }
}
