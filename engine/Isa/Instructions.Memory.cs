using System.Runtime.CompilerServices;

namespace Culverin.Isa;

/// <summary>Loads a byte, sign-extended.</summary>
internal readonly struct Lb : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lb", "100000 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.SignExtend8(m.Load(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Byte)));
}

/// <summary>Loads a byte, zero-extended.</summary>
internal readonly struct Lbu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lbu", "100100 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Load(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Byte));
}

/// <summary>Loads a halfword, sign-extended.</summary>
internal readonly struct Lh : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lh", "100001 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.SignExtend16(m.Load(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Half)));
}

/// <summary>Loads a halfword, zero-extended.</summary>
internal readonly struct Lhu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lhu", "100101 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Load(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Half));
}

/// <summary>Loads a word, sign-extended.</summary>
internal readonly struct Lw : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("lw", "100011 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.SignExtend32(m.Load(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Word)));
}

/// <summary>Stores a byte.</summary>
internal readonly struct Sb : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sb", "101000 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Store(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Byte, m.Get(i.Rt));
}

/// <summary>Stores a halfword.</summary>
internal readonly struct Sh : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sh", "101001 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Store(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Half, m.Get(i.Rt));
}

/// <summary>Stores a word.</summary>
internal readonly struct Sw : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sw", "101011 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Store(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Word, m.Get(i.Rt));
}

/// <summary>Loads a word and reserves its address.</summary>
internal readonly struct Ll : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("ll", "110000 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.SignExtend32(
            m.LoadLinked(m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Word)));
}

/// <summary>Stores a word if the reservation holds; rt tells whether.</summary>
internal readonly struct Sc : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sc", "111000 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.Memory);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.StoreConditional(
            m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)), Width.Word, m.Get(i.Rt)));
}
