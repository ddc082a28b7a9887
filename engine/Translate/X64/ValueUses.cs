using Culverin.Translate.Ir;

namespace Culverin.Translate.X64;

/// <summary>How often each value of one instruction is still used.</summary>
internal sealed class ValueUses
{
    private readonly MicroOperationList _list;
    private int[] _left = new int[512];

    /// <summary>Counts uses of a superblock's values.</summary>
    public ValueUses(MicroOperationList list) => _list = list;

    /// <summary>How often a value is still used.</summary>
    public ref int this[int value] => ref _left[value];

    /// <summary>Starts an instruction, without the operations that nobody needs.</summary>
    public void Begin(MicroRange range)
    {
        if (_left.Length < range.End)
        {
            Array.Resize(ref _left, Math.Max(range.End, _left.Length * 2));
        }

        for (int index = range.Start; index < range.End; index++)
        {
            _left[index] = _list[index].UseCount;
        }

        DropUnused(range);
    }

    /// <summary>Whether nobody uses a value, so that it needs no code.</summary>
    public bool IsUnused(int value) => _left[value] == 0 && IsPure(_list[value].Kind);

    // A value nobody uses (its register was r0) needs no code, and so those that only it uses.
    private void DropUnused(MicroRange range)
    {
        for (int index = range.End - 1; index >= range.Start; index--)
        {
            if (IsUnused(index))
            {
                DropOperands(index);
            }
        }
    }

    private void DropOperands(int index)
    {
        MicroOperation operation = _list[index];
        int count = MicroOperands.CountOf(operation.Kind);
        if (count > 0)
        {
            _left[operation.A]--;
        }

        if (count > 1)
        {
            _left[operation.B]--;
        }

        if (count > 2)
        {
            _left[operation.C]--;
        }
    }

    private static bool IsPure(MicroOperationKind kind) => kind
        is not (MicroOperationKind.Set or MicroOperationKind.Store or MicroOperationKind.TrapIf
            or MicroOperationKind.BranchIf or MicroOperationKind.Jump or MicroOperationKind.JumpRegister
            or MicroOperationKind.Leave);
}
