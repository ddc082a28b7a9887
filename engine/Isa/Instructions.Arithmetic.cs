using System.Runtime.CompilerServices;

namespace Culverin.Isa;

/// <summary>Adds; unlike the manual it never traps on overflow.</summary>
internal readonly struct Add : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("add", "000000 sssss ttttt ddddd ..... 100000");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(m.Add(m.Get(i.Rs), m.Get(i.Rt))));
}

/// <summary>Adds.</summary>
internal readonly struct Addu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("addu", "000000 sssss ttttt ddddd ..... 100001");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(m.Add(m.Get(i.Rs), m.Get(i.Rt))));
}

/// <summary>Subtracts; unlike the manual it never traps on overflow.</summary>
internal readonly struct Sub : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("sub", "000000 sssss ttttt ddddd ..... 100010");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(m.Subtract(m.Get(i.Rs), m.Get(i.Rt))));
}

/// <summary>Subtracts.</summary>
internal readonly struct Subu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("subu", "000000 sssss ttttt ddddd ..... 100011");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.SignExtend32(m.Subtract(m.Get(i.Rs), m.Get(i.Rt))));
}

/// <summary>1 if rs is less than rt as signed words.</summary>
internal readonly struct Slt : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("slt", "000000 sssss ttttt ddddd ..... 101010");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.LessThanSigned(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>1 if rs is less than rt as unsigned words.</summary>
internal readonly struct Sltu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("sltu", "000000 sssss ttttt ddddd ..... 101011");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.LessThanUnsigned(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Adds an immediate; unlike the manual it never traps on overflow.</summary>
internal readonly struct Addi : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("addi", "001000 sssss ttttt iiiiiiiiiiiiiiii");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.SignExtend32(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate))));
}

/// <summary>Adds an immediate.</summary>
internal readonly struct Addiu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("addiu", "001001 sssss ttttt iiiiiiiiiiiiiiii");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.SignExtend32(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate))));
}

/// <summary>1 if rs is less than the immediate as signed words.</summary>
internal readonly struct Slti : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("slti", "001010 sssss ttttt iiiiiiiiiiiiiiii");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.LessThanSigned(m.Get(i.Rs), m.Constant(i.SignedImmediate)));
}

/// <summary>1 if rs is less than the sign-extended immediate as unsigned words.</summary>
internal readonly struct Sltiu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("sltiu", "001011 sssss ttttt iiiiiiiiiiiiiiii");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.LessThanUnsigned(m.Get(i.Rs), m.Constant(i.SignedImmediate)));
}

/// <summary>Counts the zeros from the top of the low 32 bits.</summary>
internal readonly struct Clz : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("clz", "011100 sssss ..... ddddd ..... 100000");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.CountLeadingZeros32(m.Get(i.Rs)));
}

/// <summary>Counts the ones from the top of the low 32 bits.</summary>
internal readonly struct Clo : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("clo", "011100 sssss ..... ddddd ..... 100001");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.CountLeadingZeros32(m.Not(m.Get(i.Rs))));
}
