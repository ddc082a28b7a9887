using System.Runtime.CompilerServices;

namespace Culverin.Isa;

/// <summary>Bitwise and.</summary>
internal readonly struct And : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("and", "000000 sssss ttttt ddddd ..... 100100");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.And(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Bitwise or.</summary>
internal readonly struct Or : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("or", "000000 sssss ttttt ddddd ..... 100101");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Or(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Bitwise exclusive or.</summary>
internal readonly struct Xor : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("xor", "000000 sssss ttttt ddddd ..... 100110");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Xor(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Complement of bitwise or.</summary>
internal readonly struct Nor : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("nor", "000000 sssss ttttt ddddd ..... 100111");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Not(m.Or(m.Get(i.Rs), m.Get(i.Rt))));
}

/// <summary>Bitwise and with a zero-extended immediate.</summary>
internal readonly struct Andi : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("andi", "001100 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.UnsignedImmediate);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.And(m.Get(i.Rs), m.Constant(i.UnsignedImmediate)));
}

/// <summary>Bitwise or with a zero-extended immediate.</summary>
internal readonly struct Ori : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("ori", "001101 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.UnsignedImmediate);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Or(m.Get(i.Rs), m.Constant(i.UnsignedImmediate)));
}

/// <summary>Bitwise exclusive or with a zero-extended immediate.</summary>
internal readonly struct Xori : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("xori", "001110 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.UnsignedImmediate);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Xor(m.Get(i.Rs), m.Constant(i.UnsignedImmediate)));
}

/// <summary>Loads the immediate into the upper half of 32 bits.</summary>
internal readonly struct Lui : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lui", "001111 ..... ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Upper);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.SignExtend32(m.Constant((long)i.SignedImmediate << 16)));
}

/// <summary>Copies rs if rt is zero.</summary>
internal readonly struct Movz : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("movz", "000000 sssss ttttt ddddd ..... 001010");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Select(m.EqualTo(m.Get(i.Rt), m.Constant(0)), m.Get(i.Rs), m.Get(i.Rd)));
}

/// <summary>Copies rs if rt is not zero.</summary>
internal readonly struct Movn : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("movn", "000000 sssss ttttt ddddd ..... 001011");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Select(m.EqualTo(m.Get(i.Rt), m.Constant(0)), m.Get(i.Rd), m.Get(i.Rs)));
}

/// <summary>No barrier is needed here; the reference copies rs to rd, and so does the contract.</summary>
internal readonly struct Sync : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sync", "000000 sssss ..... ddddd ..... 001111", InstructionSyntax.None);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Get(i.Rs));
}
