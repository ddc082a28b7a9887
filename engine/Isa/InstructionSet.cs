namespace Culverin.Isa;

/// <summary>
/// The list of all instructions. Its order gives the opcode numbers, from 1; 0 means "not decoded".
/// </summary>
internal static class InstructionSet
{
    /// <summary>The opcode number of an instruction word that no row matches.</summary>
    public static readonly byte ReservedOpcode;

    private static readonly List<InstructionRow> RowList = [];

    static InstructionSet()
    {
        var collector = new RowCollector(RowList);
        VisitAll(ref collector);
        ReservedOpcode = (byte)RowList.Count;
    }

    /// <summary>Rows by opcode number minus 1.</summary>
    public static IReadOnlyList<InstructionRow> Rows => RowList;

    /// <summary>Calls the visitor once for each instruction, in the order of opcode numbers.</summary>
    public static void VisitAll<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInstructionVisitor
    {
        VisitArithmetic(ref visitor);
        VisitShifts(ref visitor);
        VisitMultiplyDivide(ref visitor);
        VisitControl(ref visitor);
        VisitMemory(ref visitor);
        VisitDoubleword(ref visitor);
        visitor.Visit<Reserved>();
    }

    private static void VisitArithmetic<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInstructionVisitor
    {
        visitor.Visit<Add>();
        visitor.Visit<Addu>();
        visitor.Visit<Sub>();
        visitor.Visit<Subu>();
        visitor.Visit<Slt>();
        visitor.Visit<Sltu>();
        visitor.Visit<Addi>();
        visitor.Visit<Addiu>();
        visitor.Visit<Slti>();
        visitor.Visit<Sltiu>();
        visitor.Visit<Clz>();
        visitor.Visit<Clo>();
        visitor.Visit<And>();
        visitor.Visit<Or>();
        visitor.Visit<Xor>();
        visitor.Visit<Nor>();
        visitor.Visit<Andi>();
        visitor.Visit<Ori>();
        visitor.Visit<Xori>();
        visitor.Visit<Lui>();
        visitor.Visit<Movz>();
        visitor.Visit<Movn>();
        visitor.Visit<Sync>();
    }

    private static void VisitShifts<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInstructionVisitor
    {
        visitor.Visit<SllUnmasked>();
        visitor.Visit<SllvUnmasked>();
        visitor.Visit<Sll>();
        visitor.Visit<Srl>();
        visitor.Visit<Sra>();
        visitor.Visit<Sllv>();
        visitor.Visit<Srlv>();
        visitor.Visit<Srav>();
    }

    private static void VisitMultiplyDivide<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInstructionVisitor
    {
        visitor.Visit<Mfhi>();
        visitor.Visit<Mflo>();
        visitor.Visit<Mthi>();
        visitor.Visit<Mtlo>();
        visitor.Visit<Mult>();
        visitor.Visit<Multu>();
        visitor.Visit<Div>();
        visitor.Visit<Divu>();
        visitor.Visit<Mul>();
    }

    private static void VisitControl<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInstructionVisitor
    {
        visitor.Visit<J>();
        visitor.Visit<Jal>();
        visitor.Visit<Jr>();
        visitor.Visit<Jalr>();
        visitor.Visit<Beq>();
        visitor.Visit<Bne>();
        visitor.Visit<Blez>();
        visitor.Visit<Bgtz>();
        visitor.Visit<Bltz>();
        visitor.Visit<Bgez>();
        visitor.Visit<Bltzal>();
        visitor.Visit<Bgezal>();
        visitor.Visit<RegimmReserved>();
        visitor.Visit<Syscall>();
    }

    private static void VisitMemory<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInstructionVisitor
    {
        visitor.Visit<Lb>();
        visitor.Visit<Lbu>();
        visitor.Visit<Lh>();
        visitor.Visit<Lhu>();
        visitor.Visit<Lw>();
        visitor.Visit<Sb>();
        visitor.Visit<Sh>();
        visitor.Visit<Sw>();
        visitor.Visit<Ll>();
        visitor.Visit<Sc>();
        visitor.Visit<Lwl>();
        visitor.Visit<Lwr>();
        visitor.Visit<Swl>();
        visitor.Visit<Swr>();
    }

    private static void VisitDoubleword<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInstructionVisitor
    {
        visitor.Visit<Dadd>();
        visitor.Visit<Daddu>();
        visitor.Visit<Dsub>();
        visitor.Visit<Dsubu>();
        visitor.Visit<Daddi>();
        visitor.Visit<Daddiu>();
        visitor.Visit<Dsll>();
        visitor.Visit<Dsrl>();
        visitor.Visit<Dsra>();
        visitor.Visit<Dsll32>();
        visitor.Visit<Dsrl32>();
        visitor.Visit<Dsra32>();
        visitor.Visit<Dsllv>();
        visitor.Visit<Dsrlv>();
        visitor.Visit<Dsrav>();
        visitor.Visit<Dmult>();
        visitor.Visit<Dmultu>();
        visitor.Visit<Ddiv>();
        visitor.Visit<Ddivu>();
        visitor.Visit<Dclz>();
        visitor.Visit<Dclo>();
        visitor.Visit<Lwu>();
        visitor.Visit<Ld>();
        visitor.Visit<Sd>();
        visitor.Visit<Lld>();
        visitor.Visit<Scd>();
        visitor.Visit<Ldl>();
        visitor.Visit<Ldr>();
        visitor.Visit<Sdl>();
        visitor.Visit<Sdr>();
    }

    private readonly struct RowCollector(List<InstructionRow> rows) : IInstructionVisitor
    {
        public void Visit<TInstruction>()
            where TInstruction : struct, IInstruction => rows.Add(TInstruction.Row);
    }
}
