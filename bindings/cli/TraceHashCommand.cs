using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using Culverin.Trace;

namespace Culverin.Cli;

/// <summary>`trace hash`: state hashes at some steps.</summary>
internal sealed class TraceHashCommand : TraceVerb
{
    private readonly Option<string> _at;

    public TraceHashCommand(Log log)
        : this(log, Flag.RequiredText("--at", "STEPS", "steps, with commas between; past the end the last"))
    {
    }

    private TraceHashCommand(Log log, Option<string> at)
        : base(log, "hash", "print state hashes at some steps of a trace", at) => _at = at;

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index, Interruption interruption)
    {
        ulong[] steps = StepsOf(flags, _at);
        IReadOnlyList<byte[]> hashes = index.HashesAt(steps, interruption.Token);
        for (int number = 0; number < steps.Length; number++)
        {
            string hash = Reports.Hex(hashes[number]);
            ulong step = steps[number];
            if (flags.GetValue(JsonFlag))
            {
                StandardOutput.WriteJson(
                    json =>
                    {
                        Reports.WriteHead(json, "hash");
                        json.WriteNumber("step", step);
                        json.WriteString("stateHash", hash);
                    },
                    isIndented: false);
            }
            else
            {
                StandardOutput.WriteText(string.Create(CultureInfo.InvariantCulture, $"{step} {hash}\n"));
            }
        }
    }
}
