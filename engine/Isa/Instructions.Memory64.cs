using System.Runtime.CompilerServices;
using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>Loads a word, zero-extended.</summary>
internal readonly struct Lwu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lwu", "100111 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Load(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Word));
}

/// <summary>Loads a doubleword.</summary>
internal readonly struct Ld : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("ld", "110111 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Load(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Doubleword));
}

/// <summary>Stores a doubleword.</summary>
internal readonly struct Sd : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sd", "111111 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Store(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Doubleword, m.Get(i.Rt));
}

/// <summary>Loads a doubleword and reserves its address.</summary>
internal readonly struct Lld : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lld", "110100 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.LoadLinked(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Doubleword));
}

/// <summary>Stores a doubleword if the reservation holds; rt tells whether.</summary>
internal readonly struct Scd : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("scd", "111100 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        m.Set(i.Rt, m.StoreConditional(address, Width.Doubleword, m.Get(i.Rt)));
    }
}

/// <summary>Fills the upper bytes of rt from the address up to the end of its doubleword.</summary>
internal readonly struct Ldl : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("ldl", "011010 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.ShiftLeft(m.And(address, m.Constant(7)), m.Constant(3));
        TValue word = m.Load(address, Width.Doubleword);
        TValue kept = m.AndNot(m.Get(i.Rt), m.ShiftLeft(m.Constant(-1), shift));
        m.Set(i.Rt, m.Or(kept, m.ShiftLeft(word, shift)));
    }
}

/// <summary>Fills the lower bytes of rt from the start of the doubleword up to the address.</summary>
internal readonly struct Ldr : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("ldr", "011011 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.Subtract(
            m.Constant(56),
            m.ShiftLeft(m.And(address, m.Constant(7)), m.Constant(3)));
        TValue word = m.Load(address, Width.Doubleword);
        TValue kept = m.AndNot(m.Get(i.Rt), m.ShiftRightLogical(m.Constant(-1), shift));
        m.Set(i.Rt, m.Or(kept, m.ShiftRightLogical(word, shift)));
    }
}

/// <summary>Stores the upper bytes of rt from the address up to the end of its doubleword.</summary>
internal readonly struct Sdl : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sdl", "101100 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.ShiftLeft(m.And(address, m.Constant(7)), m.Constant(3));
        TValue word = m.Load(address, Width.Doubleword);
        TValue kept = m.AndNot(word, m.ShiftRightLogical(m.Constant(-1), shift));
        TValue moved = m.ShiftRightLogical(m.Get(i.Rt), shift);
        m.Store(address, Width.Doubleword, m.Or(kept, moved));
    }
}

/// <summary>Stores the lower bytes of rt from the start of the doubleword up to the address.</summary>
internal readonly struct Sdr : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sdr", "101101 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.Subtract(
            m.Constant(56),
            m.ShiftLeft(m.And(address, m.Constant(7)), m.Constant(3)));
        TValue word = m.Load(address, Width.Doubleword);
        TValue kept = m.AndNot(word, m.ShiftLeft(m.Constant(-1), shift));
        m.Store(address, Width.Doubleword, m.Or(kept, m.ShiftLeft(m.Get(i.Rt), shift)));
    }
}
