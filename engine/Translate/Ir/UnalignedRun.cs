using Culverin.Isa;

namespace Culverin.Translate.Ir;

/// <summary>
/// A run of instructions that accesses unaligned words through one register, each by an <see
/// cref="UnalignedPair"/>, perhaps several interleaved, as compilers write copies. Each pair's access is made
/// whole at its first instruction, and its second does nothing.
/// </summary>
/// <remarks>
/// Nobody can see the difference. From the run's first access on nothing in it can need a side exit, since
/// all that can is checked there for all of its accesses, so a superblock executes it as a whole. Nothing in
/// between reads or sets a register that is half loaded, or sets one that is half stored or holds the
/// address, or touches other memory.
/// </remarks>
internal sealed class UnalignedRun
{
    private const int InstructionSizeBytes = 4;

    // Far less than an access group spans.
    private const int OffsetMax = 1024;

    private readonly Dictionary<ulong, UnalignedPair?> _accesses = [];
    private readonly List<Half> _halves = [];
    private ulong _start;
    private int _register;

    /// <summary>Guest address behind the run; that of its start while it is empty.</summary>
    public ulong End { get; private set; }

    /// <summary>Lowest offset of an access from the register.</summary>
    public int First { get; private set; }

    /// <summary>Offset of the last byte accessed.</summary>
    public int Last { get; private set; }

    /// <summary>How many instructions it has.</summary>
    public int StepCount => (int)((End - _start) / InstructionSizeBytes);

    /// <summary>Whether every access is whole, so that the run ends.</summary>
    public bool IsComplete => _halves.Count == 0;

    /// <summary>Whether an instruction belongs to the run and is not its first.</summary>
    public bool Continues(ulong pc) => pc > _start && pc < End;

    /// <summary>Whether an instruction is one of a pair.</summary>
    /// <param name="pc">Its address.</param>
    /// <param name="whole">The pair that it begins; null for the second of a pair.</param>
    public bool IsAccess(ulong pc, out UnalignedPair? whole)
    {
        whole = null;
        return pc >= _start && pc < End && _accesses.TryGetValue(pc, out whole);
    }

    /// <summary>Makes the run empty.</summary>
    public void Clear()
    {
        _accesses.Clear();
        _halves.Clear();
        First = int.MaxValue;
        Last = int.MinValue;
        _start = 0;
        End = 0;
    }

    /// <summary>Begins a run with an instruction; false if it cannot begin one.</summary>
    public bool TryBegin(ulong pc, Instruction instruction)
    {
        Clear();
        _start = pc;
        End = pc;
        _register = instruction.Rs;
        return TryOpen(instruction);
    }

    /// <summary>Adds the next instruction; false if the run must not have it.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="operations">Its micro-operations.</param>
    public bool TryAdd(Instruction instruction, MicroOperationList operations) =>
        TryClose(instruction) || TryOpen(instruction) || TryPass(operations);

    // Stores stay in their order: no second one begins before the first is whole.
    private bool TryOpen(Instruction instruction)
    {
        if (UnalignedPair.BegunBy(instruction.Opcode) is not { } pair
            || instruction.Rs != _register
            || instruction.SignedImmediate is < -OffsetMax or > OffsetMax
            || !IsFree(instruction.Rt, pair.IsStore))
        {
            return false;
        }

        _halves.Add(new Half(pair, instruction.Rt, instruction.SignedImmediate));
        _accesses.Add(End, pair);
        First = int.Min(First, instruction.SignedImmediate);
        Last = int.Max(Last, instruction.SignedImmediate + pair.SecondDistance);
        End += InstructionSizeBytes;
        return true;
    }

    private bool IsFree(int value, bool isStore)
    {
        if (isStore)
        {
            return _halves.Count == 0;
        }

        return value != 0
            && value != _register
            && !_halves.Exists(half => half.Pair.IsStore || half.Register == value);
    }

    private bool TryClose(Instruction instruction)
    {
        int index = _halves.FindIndex(half =>
            half.Pair.SecondOpcode == instruction.Opcode
            && half.Register == instruction.Rt
            && half.Offset + half.Pair.SecondDistance == instruction.SignedImmediate);
        if (index < 0 || instruction.Rs != _register)
        {
            return false;
        }

        _halves.RemoveAt(index);
        _accesses.Add(End, null);
        End += InstructionSizeBytes;
        return true;
    }

    private bool TryPass(MicroOperationList operations)
    {
        for (int index = 0; index < operations.Count; index++)
        {
            MicroOperation operation = operations[index];
            bool passes = operation.Kind switch
            {
                MicroOperationKind.Get => !_halves.Exists(half =>
                    !half.Pair.IsStore && half.Register == operation.A),
                MicroOperationKind.Set => operation.A != _register
                    && !_halves.Exists(half => half.Register == operation.A),
                MicroOperationKind.Constant
                    or MicroOperationKind.Add
                    or MicroOperationKind.Subtract
                    or MicroOperationKind.And
                    or MicroOperationKind.AndNot
                    or MicroOperationKind.Or
                    or MicroOperationKind.Xor
                    or MicroOperationKind.Not
                    or MicroOperationKind.ShiftLeft
                    or MicroOperationKind.ShiftRightLogical
                    or MicroOperationKind.ShiftRightArithmetic
                    or MicroOperationKind.SignExtend32
                    or MicroOperationKind.ZeroExtend32
                    or MicroOperationKind.EqualTo
                    or MicroOperationKind.LessThanSigned
                    or MicroOperationKind.LessThanUnsigned => true,
                _ => false,
            };
            if (!passes)
            {
                return false;
            }
        }

        End += InstructionSizeBytes;
        return true;
    }

    // A pair whose second instruction has not come yet.
    private readonly record struct Half(UnalignedPair Pair, int Register, int Offset);
}
