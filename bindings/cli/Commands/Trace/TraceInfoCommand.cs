using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Trace;

/// <summary>`trace info`: what a trace index holds.</summary>
internal sealed class TraceInfoCommand : TraceVerb
{
    public TraceInfoCommand(Log log, Interruption interruption)
        : base(log, interruption, "info", "print what the folder of a trace holds, as JSON")
    {
    }

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index)
    {
        byte[] firstHash = index.HashAt(index.Describe().FirstStep, Interruption.Token);
        StandardOutput.WriteJson(
            TraceReport.Of("traceInfo", index, firstHash: Report.Hex(firstHash)), isIndented: true);
    }
}
