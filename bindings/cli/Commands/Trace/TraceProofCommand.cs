using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Files;
using Culverin.Prove;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Trace;

/// <summary>`trace proof`: proofs of some steps.</summary>
internal sealed class TraceProofCommand : TraceVerb
{
    private readonly Option<string> _at;
    private readonly Option<string> _format;

    public TraceProofCommand(Log log, Interruption interruption)
        : this(
            log,
            interruption,
            Flag.RequiredText("--at", "STEPS", "steps, with commas between; past the end the last state"),
            Flag.Text(
                "--proof-fmt", "NAME", "file name of proofs, %d is the step; - for standard output",
                "proof-%d.json"))
    {
    }

    private TraceProofCommand(Log log, Interruption interruption, Option<string> at, Option<string> format)
        : base(log, interruption, "proof", "write proofs of some steps of a trace", at, format)
    {
        _at = at;
        _format = format;
    }

    /// <inheritdoc/>
    protected override void AddFiles(FilePlan plan, ParseResult flags)
    {
        ulong[] steps = StepsOf(flags, _at);
        FileNameFormat format = flags.FormatOf(_format);
        if (steps.Length > 1 && !format.HasStep && !format.IsStandardOutput)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"{_format.Name} needs a %d, or several files would have the same name.");
        }

        plan.Writes(_format.Name, format, StepPattern.Of(steps))
            .Prints(JsonFlag.Name, flags.GetValue(JsonFlag));
    }

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index)
    {
        ulong[] steps = StepsOf(flags, _at);
        FileNameFormat format = flags.FormatOf(_format);
        int done = 0;
        foreach (ulong step in steps)
        {
            Progress.Begin([step], done++, steps.Length);
            StepProof proof = index.ProofAt(step, Interruption.Token);
            Progress.Clear();
            string path = format.Expand(step);
            ProofFile.Write(path, proof);
            if (flags.GetValue(JsonFlag))
            {
                bool isPastEnd = proof.PreHash.AsSpan().SequenceEqual(proof.PostHash);
                StandardOutput.WriteJson(
                    new TraceProofReport(
                        step, isPastEnd, Report.Hex(proof.PreHash), Report.Hex(proof.PostHash), path),
                    isIndented: false);
            }
        }
    }
}
