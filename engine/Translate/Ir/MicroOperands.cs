namespace Culverin.Translate.Ir;

/// <summary>How many operands of a micro-operation are values.</summary>
internal static class MicroOperands
{
    /// <summary>The first so many of A, B, C are values; of Set only B is.</summary>
    public static int CountOf(MicroOperationKind kind) => kind switch
    {
        MicroOperationKind.Constant
            or MicroOperationKind.Get
            or MicroOperationKind.Set
            or MicroOperationKind.Jump
            or MicroOperationKind.Leave => 0,
        MicroOperationKind.Select => 3,
        MicroOperationKind.Not
            or MicroOperationKind.SignExtend8
            or MicroOperationKind.SignExtend16
            or MicroOperationKind.SignExtend32
            or MicroOperationKind.ZeroExtend32
            or MicroOperationKind.CountLeadingZeros32
            or MicroOperationKind.CountLeadingZeros
            or MicroOperationKind.Load
            or MicroOperationKind.TrapIf
            or MicroOperationKind.BranchIf
            or MicroOperationKind.JumpRegister => 1,
        _ => 2,
    };
}
