using System.Numerics;

namespace Culverin.Translate.Ir;

/// <summary>What a superblock knows so far of the low bits of registers: checked once, or computed.</summary>
internal sealed class Alignments(MicroOperationList list)
{
    private const int Best = 8;

    private readonly int[] _known = new int[GuestRegister.Count];

    /// <summary>Starts a superblock: nothing is known.</summary>
    public void Clear() => Array.Fill(_known, 1);

    /// <summary>Whether a register is a multiple of a power of two, 8 at most.</summary>
    public bool IsMultiple(int register, int of) => _known[register] >= of;

    /// <summary>Says that a register is a multiple of a power of two, 8 at most.</summary>
    public void Learn(int register, int multipleOf) =>
        _known[register] = Math.Max(_known[register], multipleOf);

    /// <summary>Says that a register is set to a value, computed from what they were before.</summary>
    public void Set(int register, int value) => _known[register] = AlignmentOf(value);

    private int AlignmentOf(int value)
    {
        MicroOperation operation = list[value];
        return operation.Kind switch
        {
            MicroOperationKind.Constant => operation.Constant == 0
                ? Best
                : Math.Min(Best, 1 << Math.Min(BitOperations.TrailingZeroCount(operation.Constant), 3)),
            MicroOperationKind.Get => _known[operation.A],
            MicroOperationKind.SignExtend32 => AlignmentOf(operation.A),
            MicroOperationKind.Add or MicroOperationKind.Subtract =>
                Math.Min(AlignmentOf(operation.A), AlignmentOf(operation.B)),
            _ => 1,
        };
    }
}
