using Culverin.State;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// Code that computes addresses; for 64-bit words by way of the tables of slots.
/// </summary>
internal sealed class AddressCode
{
    /// <summary>Offset of the table of slots' origins from the host register with the tables.</summary>
    public const int OriginsOffsetBytes = 0;

    /// <summary>The flags of a page that a store needs to say nothing about.</summary>
    public const int OrdinaryPage = (int)(PageFlags.Present | PageFlags.Dirty);

    private const int PointerShift = 3;

    private readonly LoweringContext _context;

    /// <summary>Makes the part that computes addresses.</summary>
    public AddressCode(LoweringContext context) => _context = context;

    /// <summary>Brings the sum of a register and an offset into another register.</summary>
    public void AddressOf(Register target, Register place, int offset)
    {
        if (offset == 0)
        {
            _context.Code.Mov(_context.Word, target, place);
        }
        else
        {
            _context.Code.Lea(_context.Word, target, Operand.At(place, offset));
        }
    }

    /// <summary>Brings the number of the slot of a guest address into a register.</summary>
    public void SlotOf(Register slot, Register place, int offset)
    {
        AddressOf(slot, place, offset);
        _context.Code.ShiftImmediate(ShiftOperation.Shr, OperandSize.Bits64, slot, SparseMemory.SlotShift);
    }

    /// <summary>Brings what a table holds for a slot into a register; nothing there is a side exit.</summary>
    public void LoadTable(Register target, Register slot, int tableOffsetBytes, Exit sideExit)
    {
        _context.Code.Mov(OperandSize.Bits64, target, TableEntry(slot, tableOffsetBytes));
        _context.Code.Test(OperandSize.Bits64, target, target);
        sideExit.Add(_context.Code.Jcc(Condition.Equal));
    }

    /// <summary>Where a table holds something for a slot.</summary>
    public static Operand TableEntry(Register slot, int tableOffsetBytes) =>
        Operand.At(HostLayout.Memory, slot, PointerShift, tableOffsetBytes);
}
