using System.Runtime.InteropServices;
using Culverin.Isa;

namespace Culverin.Translate.Ir;

/// <summary>
/// Kinds of micro-operations: the members of <see cref="IMachine{TValue}"/>, as data. HI and LO are registers
/// here.
/// </summary>
internal enum MicroOperationKind : byte
{
    Constant,
    Get,
    Set,
    Add,
    Subtract,
    Multiply,
    And,
    AndNot,
    Or,
    Xor,
    Not,
    ShiftLeft,
    ShiftRightLogical,
    ShiftRightArithmetic,
    SignExtend8,
    SignExtend16,
    SignExtend32,
    ZeroExtend32,
    EqualTo,
    LessThanSigned,
    LessThanUnsigned,
    Select,
    CountLeadingZeros32,
    CountLeadingZeros,
    MultiplyHighSigned,
    MultiplyHighUnsigned,
    DivideSigned,
    RemainderSigned,
    DivideUnsigned,
    RemainderUnsigned,
    MultiplyHighSigned32,
    MultiplyHighUnsigned32,
    DivideSigned32,
    RemainderSigned32,
    DivideUnsigned32,
    RemainderUnsigned32,
    Load,
    Store,
    TrapIf,
    BranchIf,
    Jump,
    JumpRegister,

    /// <summary>What generated code leaves to the interpreter.</summary>
    Leave,
}

/// <summary>The number of a value in a list of micro-operations.</summary>
internal readonly record struct MicroValue(int Index);

/// <summary>One micro-operation; its position in the list is the number of the value it makes.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MicroOperation
{
    /// <summary>What it does.</summary>
    public MicroOperationKind Kind;

    /// <summary>Bytes of a memory access.</summary>
    public Width Width;

    /// <summary>Whether a memory access needs no alignment. Then all of its run is checked at once.</summary>
    public bool IsUnaligned;

    /// <summary>How often later operations of the instruction use the value.</summary>
    public ushort UseCount;

    /// <summary>First operand, a value; of Get and Set the register.</summary>
    public int A;

    /// <summary>Second operand, a value; of Set the value.</summary>
    public int B;

    /// <summary>Third operand, a value.</summary>
    public int C;

    /// <summary>
    /// A constant, or the target of a branch or jump: a word, zero-extended. Of an unaligned access the
    /// lowest offset in its run, in the lower half, and that of the last byte, in the upper.
    /// </summary>
    public ulong Constant;
}
