using System.Runtime.CompilerServices;
using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>Jumps.</summary>
internal readonly struct J : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("j", "000010 jjjjjjjjjjjjjjjjjjjjjjjjjj");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Jump(i.JumpIndex);
}

/// <summary>Calls.</summary>
internal readonly struct Jal : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("jal", "000011 jjjjjjjjjjjjjjjjjjjjjjjjjj");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        m.Jump(i.JumpIndex);
        m.Set(31, m.LinkAddress());
    }
}

/// <summary>Jumps to rs.</summary>
internal readonly struct Jr : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("jr", "000000 sssss ..... ..... ..... 001000");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.JumpRegister(m.Get(i.Rs));
}

/// <summary>Calls rs; the return address goes to rd.</summary>
internal readonly struct Jalr : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("jalr", "000000 sssss ..... ddddd ..... 001001");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        m.JumpRegister(m.Get(i.Rs));
        m.Set(i.Rd, m.LinkAddress());
    }
}

/// <summary>Branches if equal.</summary>
internal readonly struct Beq : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("beq", "000100 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.CompareAndBranch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.BranchIf(m.EqualTo(m.Get(i.Rs), m.Get(i.Rt)), i.SignedImmediate);
}

/// <summary>Branches if not equal.</summary>
internal readonly struct Bne : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("bne", "000101 sssss ttttt iiiiiiiiiiiiiiii", InstructionSyntax.CompareAndBranch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.BranchIf(m.EqualTo(m.EqualTo(m.Get(i.Rs), m.Get(i.Rt)), m.Constant(0)), i.SignedImmediate);
}

/// <summary>Branches if not positive.</summary>
internal readonly struct Blez : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("blez", "000110 sssss ..... iiiiiiiiiiiiiiii", InstructionSyntax.Branch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.BranchIf(m.EqualTo(m.LessThanSigned(m.Constant(0), m.Get(i.Rs)), m.Constant(0)), i.SignedImmediate);
}

/// <summary>Branches if positive.</summary>
internal readonly struct Bgtz : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("bgtz", "000111 sssss ..... iiiiiiiiiiiiiiii", InstructionSyntax.Branch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.BranchIf(m.LessThanSigned(m.Constant(0), m.Get(i.Rs)), i.SignedImmediate);
}

/// <summary>Branches if negative.</summary>
internal readonly struct Bltz : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("bltz", "000001 sssss 00000 iiiiiiiiiiiiiiii", InstructionSyntax.Branch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.BranchIf(m.LessThanSigned(m.Get(i.Rs), m.Constant(0)), i.SignedImmediate);
}

/// <summary>Branches if not negative.</summary>
internal readonly struct Bgez : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("bgez", "000001 sssss 00001 iiiiiiiiiiiiiiii", InstructionSyntax.Branch);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.BranchIf(m.EqualTo(m.LessThanSigned(m.Get(i.Rs), m.Constant(0)), m.Constant(0)), i.SignedImmediate);
}

/// <summary>Branches if negative; links whether taken or not, after reading rs.</summary>
internal readonly struct Bltzal : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("bltzal", "000001 sssss 10000 iiiiiiiiiiiiiiii", InstructionSyntax.Branch)
        {
            Required = InstructionFeatures.Bltzal,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        m.BranchIf(m.LessThanSigned(m.Get(i.Rs), m.Constant(0)), i.SignedImmediate);
        m.Set(31, m.LinkAddress());
    }
}

/// <summary>Branches if not negative; links whether taken or not, after reading rs.</summary>
internal readonly struct Bgezal : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("bgezal", "000001 sssss 10001 iiiiiiiiiiiiiiii", InstructionSyntax.Branch)
        {
            Required = InstructionFeatures.Bgezal,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        m.BranchIf(m.EqualTo(m.LessThanSigned(m.Get(i.Rs), m.Constant(0)), m.Constant(0)), i.SignedImmediate);
        m.Set(31, m.LinkAddress());
    }
}

/// <summary>Any other REGIMM encoding: a branch never taken, not an exception.</summary>
internal readonly struct RegimmReserved : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("regimm", "000001 ..... ..... iiiiiiiiiiiiiiii", InstructionSyntax.None);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.BranchIf(m.Constant(0), i.SignedImmediate);
}

/// <summary>System call.</summary>
internal readonly struct Syscall : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("syscall", "000000 ..... ..... ..... ..... 001100");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Syscall();
}
