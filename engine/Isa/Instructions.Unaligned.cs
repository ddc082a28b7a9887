using System.Runtime.CompilerServices;

namespace Culverin.Isa;

/// <summary>Fills the upper bytes of rt from the address up to the end of its word.</summary>
internal readonly struct Lwl : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lwl", "100010 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.ShiftLeft(m.And(address, m.Constant(3)), m.Constant(3));
        TValue word = m.Load(address, Width.Word);
        TValue kept = m.AndNot(m.Get(i.Rt), m.ShiftLeft(m.Constant(0xFFFF_FFFF), shift));
        m.Set(i.Rt, m.SignExtend32(m.Or(kept, m.ShiftLeft(word, shift))));
    }
}

/// <summary>Fills the lower bytes of rt from the start of the word up to the address. A 64-bit rt keeps its
/// upper half unless the whole word was loaded.</summary>
internal readonly struct Lwr : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lwr", "100110 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.Subtract(
            m.Constant(24),
            m.ShiftLeft(m.And(address, m.Constant(3)), m.Constant(3)));
        TValue word = m.Load(address, Width.Word);
        TValue old = m.Get(i.Rt);
        TValue kept = m.AndNot(m.ZeroExtend32(old), m.ShiftRightLogical(m.Constant(0xFFFF_FFFF), shift));
        TValue merged = m.Or(kept, m.ShiftRightLogical(word, shift));
        TValue whole = m.EqualTo(shift, m.Constant(0));
        TValue upper = m.AndNot(old, m.Constant(0xFFFF_FFFF));
        m.Set(i.Rt, m.Select(whole, m.SignExtend32(merged), m.Or(upper, merged)));
    }
}

/// <summary>Stores the upper bytes of rt from the address up to the end of its word.</summary>
internal readonly struct Swl : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("swl", "101010 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.ShiftLeft(m.And(address, m.Constant(3)), m.Constant(3));
        TValue word = m.Load(address, Width.Word);
        TValue kept = m.AndNot(word, m.ShiftRightLogical(m.Constant(0xFFFF_FFFF), shift));
        TValue moved = m.ShiftRightLogical(m.ZeroExtend32(m.Get(i.Rt)), shift);
        m.Store(address, Width.Word, m.Or(kept, moved));
    }
}

/// <summary>Stores the lower bytes of rt from the start of the word up to the address.</summary>
internal readonly struct Swr : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("swr", "101110 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue address = m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate));
        TValue shift = m.Subtract(
            m.Constant(24),
            m.ShiftLeft(m.And(address, m.Constant(3)), m.Constant(3)));
        TValue word = m.Load(address, Width.Word);
        TValue kept = m.AndNot(word, m.ShiftLeft(m.Constant(0xFFFF_FFFF), shift));
        m.Store(address, Width.Word, m.Or(kept, m.ShiftLeft(m.Get(i.Rt), shift)));
    }
}
