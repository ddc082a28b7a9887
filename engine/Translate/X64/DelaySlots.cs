using Culverin.Translate.Ir;

namespace Culverin.Translate.X64;

/// <summary>In what ways a branch or jump and its delay slot meet.</summary>
internal sealed class DelaySlots
{
    private readonly LoweringContext _context;

    /// <summary>Looks at the branches of a superblock.</summary>
    public DelaySlots(LoweringContext context) => _context = context;

    /// <summary>Whether the slot sets a register that the branch or jump reads.</summary>
    public bool ChangesOperands(SuperblockItem item)
    {
        for (int index = item.Main.Start; index < item.Main.End; index++)
        {
            MicroOperation operation = _context.List[index];
            if (operation.Kind == MicroOperationKind.Get && Sets(item.Slot, operation.A))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the slot uses the register that gets the return address.</summary>
    public bool LinkMeetsSlot(SuperblockItem item)
    {
        for (int index = item.Main.Start; index < item.Main.End; index++)
        {
            if (_context.List[index].Kind == MicroOperationKind.Set
                && (Sets(item.Slot, _context.List[index].A) || Gets(item.Slot, _context.List[index].A)))
            {
                return true;
            }
        }

        return false;
    }

    private bool Sets(MicroRange range, int register) => Has(range, MicroOperationKind.Set, register);

    private bool Gets(MicroRange range, int register) => Has(range, MicroOperationKind.Get, register);

    private bool Has(MicroRange range, MicroOperationKind kind, int register)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            if (_context.List[index].Kind == kind && _context.List[index].A == register)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a slot has only moves, and additions that address computations can do: their operands are
    /// pinned or constant.
    /// </summary>
    public bool LeavesFlags(MicroRange range)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            MicroOperation operation = _context.List[index];
            bool leaves = operation.Kind switch
            {
                MicroOperationKind.Get
                    or MicroOperationKind.Constant
                    or MicroOperationKind.Set
                    or MicroOperationKind.SignExtend32 => true,
                MicroOperationKind.Add => IsPinned(operation.A)
                    && (IsPinned(operation.B) || _context.TryImmediate(operation.B, out _)),
                _ => false,
            };
            if (!leaves)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsPinned(int value) =>
        _context.List[value].Kind == MicroOperationKind.Get && _context.Pins.IsPinned(_context.List[value].A);
}
