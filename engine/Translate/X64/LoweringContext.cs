using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// What all parts of the lowering work on and none of them changes: where the code goes, the superblock's
/// micro-operations, the pinned registers, the size of a word.
/// </summary>
internal sealed class LoweringContext
{
    /// <summary>Joins what the parts share.</summary>
    public LoweringContext(Assembler code, MicroOperationList list, PinnedRegisters pins, bool isWide)
    {
        Code = code;
        List = list;
        Pins = pins;
        IsWide = isWide;
    }

    /// <summary>Where the code goes.</summary>
    public Assembler Code { get; }

    /// <summary>The superblock's micro-operations.</summary>
    public MicroOperationList List { get; }

    /// <summary>Which guest registers are in host registers.</summary>
    public PinnedRegisters Pins { get; }

    /// <summary>Whether words have 64 bits.</summary>
    public bool IsWide { get; }

    /// <summary>The size of a word.</summary>
    public OperandSize Word => IsWide ? OperandSize.Bits64 : OperandSize.Bits32;

    /// <summary>Whether an operation gives 1 or 0.</summary>
    public static bool IsComparison(MicroOperationKind kind) => kind
        is MicroOperationKind.EqualTo
            or MicroOperationKind.LessThanSigned
            or MicroOperationKind.LessThanUnsigned;

    /// <summary>Whether a value is a constant.</summary>
    public bool IsConstant(int value) => List[value].Kind == MicroOperationKind.Constant;

    /// <summary>
    /// A constant that instructions take as an immediate, which they sign-extend from 32 bits.
    /// </summary>
    public bool TryImmediate(int value, out int immediate)
    {
        ulong constant = List[value].Constant;
        immediate = (int)constant;
        return List[value].Kind == MicroOperationKind.Constant
            && (!IsWide || (long)constant == immediate);
    }

    /// <summary>Copies a word, unless it is there already.</summary>
    public void Copy(Register destination, Operand source)
    {
        if (!source.Is(destination))
        {
            Code.Mov(Word, destination, source);
        }
    }
}
