using System.Runtime.CompilerServices;

namespace Culverin.Isa;

/// <summary>Copies HI.</summary>
internal readonly struct Mfhi : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("mfhi", "000000 ..... ..... ddddd ..... 010000");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.GetHi());
}

/// <summary>Copies LO.</summary>
internal readonly struct Mflo : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("mflo", "000000 ..... ..... ddddd ..... 010010");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.GetLo());
}

/// <summary>Sets HI; a stray rd field is set to 0, as in the contract.</summary>
internal readonly struct Mthi : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("mthi", "000000 sssss ..... ddddd ..... 010001", InstructionSyntax.OneSource);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        m.SetHi(m.Get(i.Rs));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Sets LO; a stray rd field is set to 0, as in the contract.</summary>
internal readonly struct Mtlo : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("mtlo", "000000 sssss ..... ddddd ..... 010011", InstructionSyntax.OneSource);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        m.SetLo(m.Get(i.Rs));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Signed 32 by 32 bit product to HI and LO; a stray rd field is set to 0.</summary>
internal readonly struct Mult : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("mult", "000000 sssss ttttt ddddd ..... 011000", InstructionSyntax.TwoSources);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.SetHi(m.MultiplyHighSigned32(a, b));
        m.SetLo(m.SignExtend32(m.Multiply(a, b)));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Unsigned 32 by 32 bit product to HI and LO; a stray rd field is set to 0.</summary>
internal readonly struct Multu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("multu", "000000 sssss ttttt ddddd ..... 011001", InstructionSyntax.TwoSources);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.SetHi(m.MultiplyHighUnsigned32(a, b));
        m.SetLo(m.SignExtend32(m.Multiply(a, b)));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Signed quotient to LO, remainder to HI; a stray rd field is set to 0.</summary>
internal readonly struct Div : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("div", "000000 sssss ttttt ddddd ..... 011010", InstructionSyntax.TwoSources);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.TrapIf(m.EqualTo(m.ZeroExtend32(b), m.Constant(0)), TrapReason.DivisionByZero);
        m.SetHi(m.RemainderSigned32(a, b));
        m.SetLo(m.DivideSigned32(a, b));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Unsigned quotient to LO, remainder to HI; a stray rd field is set to 0.</summary>
internal readonly struct Divu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("divu", "000000 sssss ttttt ddddd ..... 011011", InstructionSyntax.TwoSources);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.TrapIf(m.EqualTo(m.ZeroExtend32(b), m.Constant(0)), TrapReason.DivisionByZero);
        m.SetHi(m.RemainderUnsigned32(a, b));
        m.SetLo(m.DivideUnsigned32(a, b));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Low 32 bits of the product to rd; HI and LO keep their values.</summary>
internal readonly struct Mul : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("mul", "011100 sssss ttttt ddddd ..... 000010");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(m.Multiply(m.Get(i.Rs), m.Get(i.Rt))));
}
