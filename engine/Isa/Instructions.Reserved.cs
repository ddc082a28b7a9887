using System.Runtime.CompilerServices;

namespace Culverin.Isa;

/// <summary>Any word without a meaning in the version at hand: the step cannot be executed.</summary>
internal readonly struct Reserved : IInstruction
{
    /// <inheritdoc/>
    public static InstructionRow Row => new("reserved", "................................");

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue> =>
        m.TrapIf(m.Constant(1), TrapReason.InvalidInstruction);
}
