using System.Runtime.CompilerServices;
using Culverin.Versions;

namespace Culverin.Isa;

/// <summary>Shifts left as versions 3 and 4 do: negative as soon as any bit from 31 on is set.</summary>
internal readonly struct SllUnmasked : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("sll", "000000 ..... ttttt ddddd aaaaa 000000")
    {
        Required = InstructionFeatures.UnmaskedShiftLeft,
    };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue shifted = m.ShiftLeft(m.ZeroExtend32(m.Get(i.Rt)), m.Constant(i.ShiftAmount));
        TValue above = m.ShiftRightLogical(shifted, m.Constant(31));
        TValue whole = m.EqualTo(above, m.Constant(0));
        TValue extended = m.Or(m.ZeroExtend32(shifted), m.Constant(-0x1_0000_0000));
        m.Set(i.Rd, m.Select(whole, shifted, extended));
    }
}

/// <summary>Shifts left by a register as versions 3 and 4 do.</summary>
internal readonly struct SllvUnmasked : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row =>
        new("sllv", "000000 sssss ttttt ddddd ..... 000100", InstructionSyntax.ShiftByRegister)
        {
            Required = InstructionFeatures.UnmaskedShiftLeft,
        };

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>
    {
        TValue shifted = m.ShiftLeft(m.ZeroExtend32(m.Get(i.Rt)), m.And(m.Get(i.Rs), m.Constant(31)));
        TValue above = m.ShiftRightLogical(shifted, m.Constant(31));
        TValue whole = m.EqualTo(above, m.Constant(0));
        TValue extended = m.Or(m.ZeroExtend32(shifted), m.Constant(-0x1_0000_0000));
        m.Set(i.Rd, m.Select(whole, shifted, extended));
    }
}
