using System;

namespace Culverin.Translate;

/// <summary>
/// How many low bits of each value matter. Shifts look at five or six bits of their count, so masks on the
/// way
/// to one, of the count itself or of the address it is computed from, are not needed.
/// </summary>
internal sealed partial class Lowering
{
    private const int AllBits = 64;

    private void FindDemandedBits(MicroRange range)
    {
        for (int index = range.Start; index < range.End; index++)
        {
            _demandedBits[index] = 0;
        }

        for (int index = range.End - 1; index >= range.Start; index--)
        {
            MicroOperation operation = _list[index];
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
                    Demand(operation.A, IsConstant(operation.B)
                        ? Math.Max(0, demanded - (int)_list[operation.B].Constant)
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

    private int CountBits => _wide ? 6 : 5;

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

    // A mask that keeps every bit that matters is the masked value itself.
    private bool TryAlias(int index)
    {
        MicroOperation operation = _list[index];
        int demanded = _demandedBits[index];
        if (_usesLeft[index] == 0 || demanded >= AllBits || !IsConstant(operation.B))
        {
            return false;
        }

        ulong kept = (1UL << demanded) - 1;
        if ((_list[operation.B].Constant & kept) != kept)
        {
            return false;
        }

        Place(index, RegisterOf(operation.A));
        Release(operation.A);
        Release(operation.B);
        return true;
    }
}
