using System.Globalization;
using System.Text;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Inspect;
using Culverin.Inspect.Explain;
using Culverin.Inspect.Symbols;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>An explained step for people.</summary>
internal static class ExplanationText
{
    private const int RegistersInLine = 4;

    /// <summary>All of it as lines, each ended by a line feed.</summary>
    public static string Describe(StepExplanation step)
    {
        var text = new StringBuilder();
        string digits = step.Features.WordBits == 32 ? "x8" : "x16";
        Line(text, $"step {step.Step} of {step.Features.Name}");
        Line(text, $"  state before {Report.Hex(step.PreHash)}");
        Line(text, $"  state after  {(step.PostHash is { } after ? Report.Hex(after) : "none: see below")}");
        Line(text, $"  {step.Reason}");
        if (step.Instruction is { } instruction)
        {
            string listed = DisassemblyText.Describe(
                new ListedFunction(
                    "",
                    instruction.Address,
                    [new ListedInstruction(instruction, step.TargetFunction, step.Syscall?.Name)]),
                step.Features,
                instruction.Address);
            text.Append(listed);
        }

        if (step.Panic is { } panic)
        {
            Line(text, $"  The step cannot be executed: {panic.Message}");
        }

        DescribeStack(text, step, digits);
        DescribeRegisters(text, step, digits);
        DescribeEffects(text, step, digits);
        DescribeThreads(text, step, digits);
        DescribeProof(text, step, digits);
        return text.ToString();
    }

    /// <summary>A function and its line, as far as they are known.</summary>
    public static string Place(SourceFrame frame)
    {
        string name = frame.Function.Length > 0 ? GoText.Printable(frame.Function) : "??";
        return frame.Place is { } place ? $"{name} at {GoText.Printable(place.ToString())}" : name;
    }

    private static void DescribeStack(StringBuilder text, StepExplanation step, string digits)
    {
        Line(text, "call stack");
        int number = 0;
        foreach (StackFrame frame in step.Stack)
        {
            foreach (SourceFrame function in frame.Functions)
            {
                string inlined = function.IsInlined ? " (inlined)" : "";
                Line(text, $"  #{number++,-3} {Hex(frame.Address, digits)} {Place(function)}{inlined}");
            }
        }
    }

    private static void DescribeRegisters(StringBuilder text, StepExplanation step, string digits)
    {
        IReadOnlyList<RegisterChange> registers = RegisterChange.Of(step);
        Line(text, "registers before");
        for (int first = 0; first < registers.Count; first += RegistersInLine)
        {
            Line(text, "  " + string.Join("  ", registers.Skip(first).Take(RegistersInLine)
                .Select(register => $"{register.Name,-6} {Hex(register.Before, digits)}")));
        }

        RegisterChange[] changed = [.. registers.Where(register => register.IsChanged)];
        if (changed.Length > 0)
        {
            Line(text, "registers changed");
        }

        foreach (RegisterChange register in changed)
        {
            string value = Hex(register.After!.Value, digits);
            Line(text, $"  {register.Name,-6} {Hex(register.Before, digits)} -> {value}");
        }
    }

    private static void DescribeEffects(StringBuilder text, StepExplanation step, string digits)
    {
        if (step.Memory.Count > 0)
        {
            Line(text, "memory");
        }

        foreach (MemoryAccess access in step.Memory)
        {
            string change = access.Before == access.After ? "" : $" -> {Hex(access.After, digits)}";
            string place = access.Object is { } symbol
                ? $"  {GoText.Printable(symbol.Name)}+0x{access.Address - symbol.Start:x}"
                : "";
            Line(text, $"  {Hex(access.Address, digits)}  {Hex(access.Before, digits)}{change}{place}");
        }

        if (step.Syscall is { } call)
        {
            Line(text, "system call");
            string result = call.Result is not { } value ? "?"
                : call.Errno != 0 ? string.Create(CultureInfo.InvariantCulture, $"-1, errno {call.Errno}")
                : $"0x{value:x}";
            Line(text, $"  {call.Name}({call.Arguments}) = {result}");
            Line(text, $"  {call.Call.Entry?.Summary ?? "not known to this version"}");
        }

        if (step.Preimage is { } read)
        {
            Line(text, "pre-image");
            Line(text, $"  {Report.Hex(read.Key)} ({PreimageTypes.NameOf(read.Key[0])})");
            Line(
                text,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  read from byte {read.Offset} of 8 bytes of length and {read.Value.Length} of data"));
        }
    }

    private static void DescribeThreads(StringBuilder text, StepExplanation step, string digits)
    {
        if (!step.Features.HasThreads)
        {
            return;
        }

        Line(text, "threads");
        for (int index = 0; index < step.Threads.Count; index++)
        {
            ThreadView thread = step.Threads[index];
            string state = thread.Exited ? "ended"
                : thread.WaitsFor is { } address ? $"waits for {Hex(address, digits)}" : "runs";
            string function = GoText.Printable(step.ThreadFunctions[index]);
            string mark = thread.IsActive ? "*" : " ";
            Line(
                text,
                $"{mark} {thread.Id,-4} {Hex(thread.ProgramCounter, digits)}  {state}  {function}".TrimEnd());
        }
    }

    private static void DescribeProof(StringBuilder text, StepExplanation step, string digits)
    {
        IReadOnlyList<ProofPart> parts = ProofPart.Of(step);
        if (parts.Count > 0)
        {
            Line(text, "proof");
        }

        foreach (ProofPart part in parts)
        {
            string address = part.Address is { } at ? $" at {Hex(at, digits)}" : "";
            Line(text, $"  {part.SizeBytes,6} bytes  {part.What}{address}");
        }
    }

    private static string Hex(ulong value, string digits) =>
        value.ToString(digits, CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) =>
        Line(text, line.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
