namespace Culverin.Isa;

/// <summary>One instruction: how it is encoded and what it means, in one place.</summary>
internal interface IInstruction
{
    /// <summary>The encoding.</summary>
    static abstract InstructionRow Row { get; }

    /// <summary>The meaning, for any machine; see <see cref="IMachine{TValue}"/> for the rules.</summary>
    static abstract void Execute<TMachine, TValue>(ref TMachine m, Instruction i)
        where TMachine : struct, IMachine<TValue>;
}

/// <summary>Something to be done for each instruction type, such as filling one entry of a table.</summary>
internal interface IInstructionVisitor
{
    /// <summary>Called once for each instruction, in the order of opcode numbers from 1.</summary>
    void Visit<TInstruction>()
        where TInstruction : struct, IInstruction;
}
