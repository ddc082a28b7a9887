using Culverin.Inspect;
using Culverin.Versions;

namespace Culverin.Cli.Reports;

/// <summary>Listed code.</summary>
internal sealed record DisassembleReport(
    byte StateVersion, string Type, IEnumerable<ReportedFunction> Functions) : Report("disassemble")
{
    /// <summary>Reports a listing; functions are listed while they are written.</summary>
    public static DisassembleReport Of(FeatureSet features, IEnumerable<ListedFunction> functions) => new(
        (byte)features.Version,
        features.Name,
        functions.Select(function => new ReportedFunction(
            function.Name, function.Start, function.Instructions.Select(ReportedInstruction.Of))));
}

/// <summary>A function; its name is empty without a symbol.</summary>
internal sealed record ReportedFunction(
    string Name, ulong Start, IEnumerable<ReportedInstruction> Instructions);

/// <summary>An instruction; what is not to be said of it is null or empty.</summary>
internal sealed record ReportedInstruction(
    ulong Address,
    uint Word,
    string Mnemonic,
    string Operands,
    string? TargetFunction,
    string? Syscall,
    string? Effect,
    string? Explanation)
{
    /// <summary>Reports one.</summary>
    public static ReportedInstruction Of(ListedInstruction listed)
    {
        DisassembledInstruction instruction = listed.Instruction;
        return new ReportedInstruction(
            instruction.Address,
            instruction.Bits,
            instruction.Mnemonic,
            instruction.Operands,
            listed.TargetName,
            listed.Syscall,
            instruction.Effect is { } effect ? Report.NameOf(effect) : null,
            instruction.Explanation);
    }
}
