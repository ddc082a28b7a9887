using System.CommandLine;
using Culverin.Trace;

namespace Culverin.Cli;

/// <summary>`trace info`: what a trace index holds.</summary>
internal sealed class TraceInfoCommand : TraceVerb
{
    public TraceInfoCommand(Log log)
        : base(log, "info", "print what the folder of a trace holds, as JSON")
    {
    }

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index, Interruption interruption) =>
        StandardOutput.WriteJson(
            json =>
            {
                Reports.WriteHead(json, "traceInfo");
                WriteSummary(json, index);
                json.WriteString(
                    "firstHash", Reports.Hex(index.HashAt(index.Describe().FirstStep, interruption.Token)));
            },
            isIndented: true);
}
