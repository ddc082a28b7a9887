using System;
using System.CommandLine;
using Culverin.Files;
using Culverin.Prove;
using Culverin.Trace;

namespace Culverin.Cli;

/// <summary>`trace proof`: proofs of some steps.</summary>
internal sealed class TraceProofCommand : TraceVerb
{
    private readonly Option<string> _at;
    private readonly Option<string> _format;

    public TraceProofCommand(Log log)
        : this(
            log,
            Flag.RequiredText("--at", "STEPS", "steps, with commas between; past the end the last state"),
            Flag.Text(
                "--proof-fmt", "NAME", "file name of proofs, %d is the step; - for standard output",
                "proof-%d.json"))
    {
    }

    private TraceProofCommand(Log log, Option<string> at, Option<string> format)
        : base(log, "proof", "write proofs of some steps of a trace", at, format)
    {
        _at = at;
        _format = format;
    }

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index, Interruption interruption)
    {
        ulong[] steps = StepsOf(flags, _at);
        FileNameFormat format = flags.FormatOf(_format);
        if (steps.Length > 1 && !format.HasStep && !format.IsStandardOutput)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"{_format.Name} needs a %d, or several files would have the same name.");
        }

        foreach (ulong step in steps)
        {
            StepProof proof = index.ProofAt(step, interruption.Token);
            if (format.IsStandardOutput)
            {
                ProofFile.Write(StandardOutput.Open(), proof);
                continue;
            }

            string path = format.Expand(step);
            ProofFile.Write(path, proof);
            if (flags.GetValue(JsonFlag))
            {
                StandardOutput.WriteJson(
                    json =>
                    {
                        Reports.WriteHead(json, "traceProof");
                        json.WriteNumber("step", step);
                        json.WriteBoolean("pastEnd", proof.PreHash.AsSpan().SequenceEqual(proof.PostHash));
                        json.WriteString("preHash", Reports.Hex(proof.PreHash));
                        json.WriteString("postHash", Reports.Hex(proof.PostHash));
                        json.WriteString("file", path);
                    },
                    isIndented: false);
            }
        }
    }
}
