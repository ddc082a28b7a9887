using System.Globalization;
using Culverin.Execute;
using Culverin.Inspect;
using Culverin.Inspect.Explain;
using Culverin.Inspect.Symbols;

namespace Culverin.Cli.Reports;

/// <summary>
/// What a step does. Words of the machine are hexadecimal text, as numbers of 64 bits are in JSON not safe.
/// </summary>
internal sealed record ExplainReport(
    byte StateVersion,
    string Type,
    ulong Step,
    bool PastEnd,
    string StepKind,
    string Reason,
    string PreHash,
    string? PostHash,
    string? Panic,
    ulong Thread,
    ReportedInstruction? Instruction,
    IReadOnlyList<ReportedFrame> Stack,
    IReadOnlyList<ReportedChange> Registers,
    IReadOnlyList<ReportedAccess> Memory,
    ReportedCall? SyscallMade,
    ReportedPreimage? Preimage,
    IReadOnlyList<ReportedThread> Threads,
    IReadOnlyList<ReportedPart> Proof) : Report("explain")
{
    /// <summary>Reports a step.</summary>
    public static ExplainReport Of(StepExplanation step)
    {
        return new ExplainReport(
            (byte)step.Features.Version,
            step.Features.Name,
            step.Step,
            step.IsPastEnd,
            NameOf(step.Kind),
            step.Reason,
            Hex(step.PreHash),
            step.PostHash is { } after ? Hex(after) : null,
            step.Panic?.Message,
            step.Before.Id,
            step.Instruction is { } instruction
                ? ReportedInstruction.Of(new ListedInstruction(
                    instruction, step.TargetFunction, step.Syscall?.Name))
                : null,
            [.. step.Stack.Select(ReportedFrame.Of)],
            [.. RegisterChange.Of(step).Select(ReportedChange.Of)],
            [.. step.Memory.Select(ReportedAccess.Of)],
            step.Syscall is { } call ? ReportedCall.Of(call) : null,
            step.Preimage is { } read ? ReportedPreimage.Of(read) : null,
            [.. step.Threads.Zip(step.ThreadFunctions, ReportedThread.Of)],
            [.. ProofPart.Of(step).Select(ReportedPart.Of)]);
    }

    /// <summary>A word of the machine.</summary>
    public static string Word(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);
}

/// <summary>A call that has not returned; functions put in place of their calls come first.</summary>
internal sealed record ReportedFrame(
    string Address, string StackPointer, IReadOnlyList<ReportedSource> Functions)
{
    public static ReportedFrame Of(StackFrame frame) => new(
        ExplainReport.Word(frame.Address),
        ExplainReport.Word(frame.StackPointer),
        [.. frame.Functions.Select(ReportedSource.Of)]);
}

/// <summary>A function and a line in it; null where nobody knows.</summary>
internal sealed record ReportedSource(string Name, string? File, int? Line, bool Inlined)
{
    public static ReportedSource Of(SourceFrame frame) =>
        new(frame.Function, frame.Place?.File, frame.Place?.Line, frame.IsInlined);
}

/// <summary>A register; after is null where its thread is gone.</summary>
internal sealed record ReportedChange(string Name, string Before, string? After)
{
    public static ReportedChange Of(RegisterChange change) => new(
        change.Name,
        ExplainReport.Word(change.Before),
        change.After is { } after ? ExplainReport.Word(after) : null);
}

/// <summary>A word of memory that the step accesses; object and offset where a symbol covers it.</summary>
internal sealed record ReportedAccess(
    string Address, string Before, string After, string? Object, ulong? Offset)
{
    public static ReportedAccess Of(MemoryAccess access) => new(
        ExplainReport.Word(access.Address),
        ExplainReport.Word(access.Before),
        ExplainReport.Word(access.After),
        access.Object?.Name,
        access.Object is { } symbol ? access.Address - symbol.Start : null);
}

/// <summary>A system call.</summary>
internal sealed record ReportedCall(
    string Name, ulong Number, string Arguments, string? Result, uint Errno, string? Summary)
{
    public static ReportedCall Of(SyscallRecord call) => new(
        call.Name,
        call.Call.Number,
        call.Arguments,
        call.Result is { } result ? ExplainReport.Word(result) : null,
        call.Errno,
        call.Call.Entry?.Summary);
}

/// <summary>A pre-image that the step reads; the offset counts its 8-byte length.</summary>
internal sealed record ReportedPreimage(string Key, string KeyType, ulong Offset, int SizeBytes)
{
    public static ReportedPreimage Of(PreimageRead read) => new(
        Report.Hex(read.Key), PreimageTypes.NameOf(read.Key[0]), read.Offset, read.Value.Length);
}

/// <summary>A thread before the step.</summary>
internal sealed record ReportedThread(
    ulong Id, bool Active, string ProgramCounter, string Function, bool Exited, string? WaitsFor)
{
    public static ReportedThread Of(ThreadView thread, string function) => new(
        thread.Id,
        thread.IsActive,
        ExplainReport.Word(thread.ProgramCounter),
        function,
        thread.Exited,
        thread.WaitsFor is { } address ? ExplainReport.Word(address) : null);
}

/// <summary>A part of what a contract is given.</summary>
internal sealed record ReportedPart(string What, int SizeBytes, string? Address)
{
    public static ReportedPart Of(ProofPart part) => new(
        part.What, part.SizeBytes, part.Address is { } address ? ExplainReport.Word(address) : null);
}
