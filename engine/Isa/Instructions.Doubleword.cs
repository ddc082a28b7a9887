using System.Runtime.CompilerServices;
using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>Adds doublewords; unlike the manual it never traps on overflow.</summary>
internal readonly struct Dadd : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dadd", "000000 sssss ttttt ddddd ..... 101100")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Add(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Adds doublewords.</summary>
internal readonly struct Daddu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("daddu", "000000 sssss ttttt ddddd ..... 101101")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Add(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Subtracts doublewords; unlike the manual it never traps on overflow.</summary>
internal readonly struct Dsub : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsub", "000000 sssss ttttt ddddd ..... 101110")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Subtract(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Subtracts doublewords.</summary>
internal readonly struct Dsubu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsubu", "000000 sssss ttttt ddddd ..... 101111")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.Subtract(m.Get(i.Rs), m.Get(i.Rt)));
}

/// <summary>Adds an immediate to a doubleword; unlike the manual it never traps on overflow.</summary>
internal readonly struct Daddi : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("daddi", "011000 sssss ttttt iiiiiiiiiiiiiiii")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)));
}

/// <summary>Adds an immediate to a doubleword.</summary>
internal readonly struct Daddiu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("daddiu", "011001 sssss ttttt iiiiiiiiiiiiiiii")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rt, m.Add(m.Get(i.Rs), m.Constant(i.SignedImmediate)));
}

/// <summary>Shifts a doubleword left.</summary>
internal readonly struct Dsll : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsll", "000000 ..... ttttt ddddd aaaaa 111000")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftLeft(m.Get(i.Rt), m.Constant(i.ShiftAmount)));
}

/// <summary>Shifts a doubleword right with zeros.</summary>
internal readonly struct Dsrl : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsrl", "000000 ..... ttttt ddddd aaaaa 111010")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightLogical(m.Get(i.Rt), m.Constant(i.ShiftAmount)));
}

/// <summary>Shifts a doubleword right with copies of the sign.</summary>
internal readonly struct Dsra : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsra", "000000 ..... ttttt ddddd aaaaa 111011")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightArithmetic(m.Get(i.Rt), m.Constant(i.ShiftAmount)));
}

/// <summary>Shifts a doubleword left by sa + 32.</summary>
internal readonly struct Dsll32 : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsll32", "000000 ..... ttttt ddddd aaaaa 111100")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftLeft(m.Get(i.Rt), m.Constant(i.ShiftAmount + 32)));
}

/// <summary>Shifts a doubleword right by sa + 32 with zeros.</summary>
internal readonly struct Dsrl32 : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsrl32", "000000 ..... ttttt ddddd aaaaa 111110")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightLogical(m.Get(i.Rt), m.Constant(i.ShiftAmount + 32)));
}

/// <summary>Shifts a doubleword right by sa + 32 with copies of the sign.</summary>
internal readonly struct Dsra32 : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dsra32", "000000 ..... ttttt ddddd aaaaa 111111")
    {
        Required = InstructionFeatures.Mips64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightArithmetic(m.Get(i.Rt), m.Constant(i.ShiftAmount + 32)));
}

/// <summary>Shifts a doubleword left by the low 6 bits of rs.</summary>
internal readonly struct Dsllv : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("dsllv", "000000 sssss ttttt ddddd ..... 010100", InstructionSyntax.ShiftByRegister)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftLeft(m.Get(i.Rt), m.And(m.Get(i.Rs), m.Constant(63))));
}

/// <summary>Shifts a doubleword right with zeros by the low 6 bits of rs.</summary>
internal readonly struct Dsrlv : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("dsrlv", "000000 sssss ttttt ddddd ..... 010110", InstructionSyntax.ShiftByRegister)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightLogical(m.Get(i.Rt), m.And(m.Get(i.Rs), m.Constant(63))));
}

/// <summary>Shifts a doubleword right with copies of the sign by the low 6 bits of rs.</summary>
internal readonly struct Dsrav : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("dsrav", "000000 sssss ttttt ddddd ..... 010111", InstructionSyntax.ShiftByRegister)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.ShiftRightArithmetic(m.Get(i.Rt), m.And(m.Get(i.Rs), m.Constant(63))));
}

/// <summary>Signed 64 by 64 bit product to HI and LO; a stray rd field is set to 0.</summary>
internal readonly struct Dmult : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("dmult", "000000 sssss ttttt ddddd ..... 011100", InstructionSyntax.TwoSources)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.SetHi(m.MultiplyHighSigned(a, b));
        m.SetLo(m.Multiply(a, b));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Unsigned 64 by 64 bit product to HI and LO; a stray rd field is set to 0.</summary>
internal readonly struct Dmultu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("dmultu", "000000 sssss ttttt ddddd ..... 011101", InstructionSyntax.TwoSources)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.SetHi(m.MultiplyHighUnsigned(a, b));
        m.SetLo(m.Multiply(a, b));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Signed quotient to LO, remainder to HI; a stray rd field is set to 0.</summary>
internal readonly struct Ddiv : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("ddiv", "000000 sssss ttttt ddddd ..... 011110", InstructionSyntax.TwoSources)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.TrapIf(m.EqualTo(b, m.Constant(0)), TrapReason.DivisionByZero);
        m.SetHi(m.RemainderSigned(a, b));
        m.SetLo(m.DivideSigned(a, b));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Unsigned quotient to LO, remainder to HI; a stray rd field is set to 0.</summary>
internal readonly struct Ddivu : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("ddivu", "000000 sssss ttttt ddddd ..... 011111", InstructionSyntax.TwoSources)
        {
            Required = InstructionFeatures.Mips64,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue a = m.Get(i.Rs);
        TValue b = m.Get(i.Rt);
        m.TrapIf(m.EqualTo(b, m.Constant(0)), TrapReason.DivisionByZero);
        m.SetHi(m.RemainderUnsigned(a, b));
        m.SetLo(m.DivideUnsigned(a, b));
        m.Set(i.Rd, m.Constant(0));
    }
}

/// <summary>Counts the zeros from the top of a doubleword.</summary>
internal readonly struct Dclz : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dclz", "011100 sssss ..... ddddd ..... 100100")
    {
        Required = InstructionFeatures.CountLeading64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.CountLeadingZeros(m.Get(i.Rs)));
}

/// <summary>Counts the ones from the top of a doubleword.</summary>
internal readonly struct Dclo : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("dclo", "011100 sssss ..... ddddd ..... 100101")
    {
        Required = InstructionFeatures.CountLeading64,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.Set(i.Rd, m.CountLeadingZeros(m.Not(m.Get(i.Rs))));
}
