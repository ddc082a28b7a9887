using System.Runtime.CompilerServices;

namespace Culverin.Isa;

/// <summary>Shifts left.</summary>
internal readonly struct Sll : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("sll", "000000 ..... ttttt ddddd aaaaa 000000");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(m.ShiftLeft(m.Get(i.Rt), m.Constant(i.ShiftAmount))));
}

/// <summary>Shifts right with zeros; also runs the encodings of rotr.</summary>
internal readonly struct Srl : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("srl", "000000 ..... ttttt ddddd aaaaa 000010");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(
            m.ShiftRightLogical(m.ZeroExtend32(m.Get(i.Rt)), m.Constant(i.ShiftAmount))));
}

/// <summary>Shifts right with copies of the sign.</summary>
internal readonly struct Sra : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("sra", "000000 ..... ttttt ddddd aaaaa 000011");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightArithmetic(m.SignExtend32(m.Get(i.Rt)), m.Constant(i.ShiftAmount)));
}

/// <summary>Shifts left by the low 5 bits of rs.</summary>
internal readonly struct Sllv : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sllv", "000000 sssss ttttt ddddd ..... 000100", InstructionSyntax.ShiftByRegister);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(m.ShiftLeft(m.Get(i.Rt), m.And(m.Get(i.Rs), m.Constant(31)))));
}

/// <summary>Shifts right with zeros by the low 5 bits of rs; also runs rotrv.</summary>
internal readonly struct Srlv : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("srlv", "000000 sssss ttttt ddddd ..... 000110", InstructionSyntax.ShiftByRegister);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(
            i.Rd,
            m.SignExtend32(m.ShiftRightLogical(
                m.ZeroExtend32(m.Get(i.Rt)), m.And(m.Get(i.Rs), m.Constant(31)))));
}

/// <summary>Shifts right with copies of the sign by the low 5 bits of rs.</summary>
internal readonly struct Srav : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("srav", "000000 sssss ttttt ddddd ..... 000111", InstructionSyntax.ShiftByRegister);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightArithmetic(m.SignExtend32(m.Get(i.Rt)), m.And(m.Get(i.Rs), m.Constant(31))));
}
