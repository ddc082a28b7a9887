using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Inspect.Explain;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>`explain`: what one step does, and why.</summary>
internal sealed class ExplainCommand : RunningVerb
{
    private readonly Option<string> _at;
    private readonly StepSource _source;

    public ExplainCommand(Log log, Interruption interruption)
        : this(
            log,
            interruption,
            Flag.RequiredText("--at", "STEP", "the step; the word alone is enough"),
            new StepSource())
    {
    }

    private ExplainCommand(Log log, Interruption interruption, Option<string> at, StepSource source)
        : base(
            log,
            interruption,
            "explain",
            "explain a step: instruction, call stack, registers, memory, system call, threads, proof",
            [at, .. source.All])
    {
        _at = at;
        _source = source;
    }

    /// <inheritdoc/>
    public override Option<string> Operand => _at;

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        ulong step = flags.NumberOf(_at, ulong.MaxValue);
        StepExplanation explanation;
        try
        {
            explanation = _source.At(
                flags,
                serverCommand,
                step,
                Interruption,
                Log,
                (machine, symbols) => new StepExplainer(machine, symbols).Explain());
        }
        catch (CulverinException error) when (error.Code == ErrorCode.Cancelled)
        {
            return ExitCodes.Interrupted;
        }

        if (flags.GetValue(JsonFlag))
        {
            StandardOutput.WriteJson(ExplainReport.Of(explanation), isIndented: true);
        }
        else
        {
            StandardOutput.WriteText(ExplanationText.Describe(explanation));
        }

        return explanation.Panic is null ? ExitCodes.Success : ExitCodes.GuestPanic;
    }
}
