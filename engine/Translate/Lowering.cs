using System;
using Culverin.X64;

namespace Culverin.Translate;

/// <summary>
/// Turns the micro-operations of a trace into x86-64 code. It knows micro-operations, not MIPS; what it
/// cannot do, or what turns out odd at run time, leaves to the interpreter at the start of an instruction.
/// </summary>
/// <remarks>
/// Values of one instruction live in four temporaries; guest registers are pinned or in the state's block. In
/// 32-bit machines the upper half of every host register that holds a word is zero.
/// </remarks>
internal sealed partial class Lowering
{
    // Too few operations to mask the count of a shift.
    private const int OperationsWithoutMasks = 5;

    private readonly Assembler _code;
    private readonly MicroOperationList _list;
    private readonly PinnedRegisters _pins;
    private readonly bool _wide;
    private readonly OperandSize _word;
    private readonly AccessGroups _groups;
    private readonly Alignments _alignments;
    private readonly TemporaryCache _cache = new();

    private Operand[] _places = new Operand[512];
    private bool[] _isPlaced = new bool[512];
    private int[] _usesLeft = new int[512];
    private int[] _demandedBits = new int[512];
    private MicroRange _range;
    private int _freeTemporaries;
    private bool _failed;

    /// <summary>Makes a lowering.</summary>
    /// <param name="code">Where the code goes.</param>
    /// <param name="list">The trace's micro-operations.</param>
    /// <param name="pins">Which guest registers are in host registers.</param>
    /// <param name="wide">Whether words have 64 bits.</param>
    public Lowering(Assembler code, MicroOperationList list, PinnedRegisters pins, bool wide)
    {
        _code = code;
        _list = list;
        _pins = pins;
        _wide = wide;
        _groups = new AccessGroups(list, wide);
        _alignments = new Alignments(list);
        _word = wide ? OperandSize.Bits64 : OperandSize.Bits32;
    }

    private static int AllTemporaries { get; } = MaskOfTemporaries();

    // Runs over an instruction's operations but those that transfer control, which have their own place.
    private bool LowerOperations(MicroRange range, Exit odd)
    {
        Begin(range);
        for (int index = range.Start; index < range.End && !_failed; index++)
        {
            LowerOperation(range, ref index, odd);
        }

        return !_failed;
    }

    private void Begin(MicroRange range)
    {
        if (_places.Length < range.End)
        {
            int length = Math.Max(range.End, _places.Length * 2);
            Array.Resize(ref _places, length);
            Array.Resize(ref _isPlaced, length);
            Array.Resize(ref _usesLeft, length);
            Array.Resize(ref _demandedBits, length);
        }

        _failed = false;
        _range = range;
        _freeTemporaries = AllTemporaries & ~_reserved;
        for (int index = range.Start; index < range.End; index++)
        {
            _isPlaced[index] = false;
            _usesLeft[index] = _list[index].UseCount;
            _demandedBits[index] = AllBits;
        }

        DropUnused(range);
        if (range.End - range.Start > OperationsWithoutMasks)
        {
            FindDemandedBits(range);
        }
    }

    // A value nobody uses (its register was r0) needs no code, and so those that only it uses.
    private void DropUnused(MicroRange range)
    {
        for (int index = range.End - 1; index >= range.Start; index--)
        {
            if (_usesLeft[index] == 0 && IsPure(_list[index].Kind))
            {
                DropOperands(index);
            }
        }
    }

    private void LowerOperation(MicroRange range, ref int index, Exit odd)
    {
        MicroOperation operation = _list[index];
        if (_usesLeft[index] == 0 && IsPure(operation.Kind))
        {
            return;
        }

        switch (operation.Kind)
        {
            case MicroOperationKind.Constant:
            case MicroOperationKind.Get:
                // Where they are used.
                break;
            case MicroOperationKind.EqualTo:
            case MicroOperationKind.LessThanSigned:
            case MicroOperationKind.LessThanUnsigned:
                // Where it is used, if that is one place.
                if (_usesLeft[index] > 1)
                {
                    _ = PlaceOf(index);
                }

                break;
            case MicroOperationKind.Set:
                LowerSet(range, index);
                break;
            case MicroOperationKind.And when TryAlias(index):
            case MicroOperationKind.Add when IsAddressOfNext(range, index):
                // Where it is used.
                break;
            case MicroOperationKind.Load:
                LowerLoad(range, ref index, odd);
                break;
            case MicroOperationKind.Store:
                LowerStore(index, odd);
                break;
            case MicroOperationKind.TrapIf:
                odd.Add(_code.Jcc(LowerCondition(operation.A)));
                break;
            case MicroOperationKind.BranchIf:
            case MicroOperationKind.Jump:
            case MicroOperationKind.JumpRegister:
                break;
            case MicroOperationKind.Leave:
                _failed = true;
                break;
            default:
                LowerValue(range, index, odd);
                break;
        }
    }

    private static bool IsPure(MicroOperationKind kind) => kind
        is not (MicroOperationKind.Set or MicroOperationKind.Store or MicroOperationKind.TrapIf
            or MicroOperationKind.BranchIf or MicroOperationKind.Jump or MicroOperationKind.JumpRegister
            or MicroOperationKind.Leave);

    private void DropOperands(int index)
    {
        MicroOperation operation = _list[index];
        int count = MicroOperands.CountOf(operation.Kind);
        if (count > 0)
        {
            _usesLeft[operation.A]--;
        }

        if (count > 1)
        {
            _usesLeft[operation.B]--;
        }

        if (count > 2)
        {
            _usesLeft[operation.C]--;
        }
    }

    private static int MaskOfTemporaries()
    {
        int mask = 0;
        foreach (Register register in HostLayout.Temporaries)
        {
            mask |= 1 << (int)register;
        }

        return mask;
    }
}
