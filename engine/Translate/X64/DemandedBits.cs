using Culverin.Translate.Ir;

namespace Culverin.Translate.X64;

/// <summary>
/// How many low bits of each value matter. Shifts look at five or six bits of their count, so masks on the
/// way to one, of the count itself or of the address it is computed from, are not needed.
/// </summary>
internal sealed class DemandedBits
{
    private const int AllBits = 64;

    // Too few operations to mask the count of a shift.
    private const int OperationsWithoutMasks = 5;

    private readonly LoweringContext _context;
    private int[] _demandedBits = new int[512];

    /// <summary>Looks at a superblock's values.</summary>
    public DemandedBits(LoweringContext context) => _context = context;

    /// <summary>Looks at an instruction's operations.</summary>
    public void Begin(MicroRange range)
    {
        if (_demandedBits.Length < range.End)
        {
            Array.Resize(ref _demandedBits, Math.Max(range.End, _demandedBits.Length * 2));
        }

        if (range.End - range.Start > OperationsWithoutMasks)
        {
            Find(range);
        }
        else
        {
            _demandedBits.AsSpan(range.Start, range.End - range.Start).Fill(AllBits);
        }
    }

    /// <summary>Whether a mask by a constant keeps every bit of its operand that matters.</summary>
    public bool IsMaskNeedless(MicroOperation mask, int value)
    {
        int demanded = _demandedBits[value];
        if (demanded >= AllBits || !_context.IsConstant(mask.B))
        {
            return false;
        }

        ulong kept = (1UL << demanded) - 1;
        return (_context.List[mask.B].Constant & kept) == kept;
    }

    private void Find(MicroRange range)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            _demandedBits[index] = 0;
        }

        for (int index = range.End - 1; index >= range.Start; index--)
        {
            MicroOperation operation = _context.List[index];
            int demanded = _demandedBits[index];
            switch (operation.Kind)
            {
                case MicroOperationKind.Add:
                case MicroOperationKind.Subtract:
                case MicroOperationKind.And:
                case MicroOperationKind.Or:
                case MicroOperationKind.Xor:
                    // The low bits of these depend on no higher ones.
                    Demand(operation.A, demanded);
                    Demand(operation.B, demanded);
                    break;
                case MicroOperationKind.ShiftLeft:
                    Demand(operation.A, _context.IsConstant(operation.B)
                        ? Math.Max(0, demanded - (int)_context.List[operation.B].Constant)
                        : AllBits);
                    Demand(operation.B, CountBits);
                    break;
                case MicroOperationKind.ShiftRightLogical:
                case MicroOperationKind.ShiftRightArithmetic:
                    Demand(operation.A, AllBits);
                    Demand(operation.B, CountBits);
                    break;
                case MicroOperationKind.Set:
                    Demand(operation.B, AllBits);
                    break;
                default:
                    DemandAll(operation);
                    break;
            }
        }
    }

    private int CountBits => _context.IsWide ? 6 : 5;

    private void DemandAll(MicroOperation operation)
    {
        int count = MicroOperands.CountOf(operation.Kind);
        if (count > 0)
        {
            Demand(operation.A, AllBits);
        }

        if (count > 1)
        {
            Demand(operation.B, AllBits);
        }

        if (count > 2)
        {
            Demand(operation.C, AllBits);
        }
    }

    private void Demand(int value, int bits) =>
        _demandedBits[value] = Math.Max(_demandedBits[value], bits);
}
