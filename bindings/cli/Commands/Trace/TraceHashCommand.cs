using System.CommandLine;
using System.Globalization;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Trace;

/// <summary>`trace hash`: state hashes at some steps.</summary>
internal sealed class TraceHashCommand : TraceVerb
{
    private readonly Option<string> _at;

    public TraceHashCommand(Log log, Interruption interruption)
        : this(
            log,
            interruption,
            Flag.RequiredText("--at", "STEPS", "steps, with commas between; past the end the last"))
    {
    }

    private TraceHashCommand(Log log, Interruption interruption, Option<string> at)
        : base(log, interruption, "hash", "print state hashes at some steps of a trace", at) => _at = at;

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index)
    {
        ulong[] steps = StepsOf(flags, _at);
        Progress.Begin(steps, 0, steps.Length);
        IReadOnlyList<byte[]> hashes = index.HashesAt(steps, Interruption.Token);
        Progress.Clear();
        for (int number = 0; number < steps.Length; number++)
        {
            string hash = Report.Hex(hashes[number]);
            ulong step = steps[number];
            if (flags.GetValue(JsonFlag))
            {
                StandardOutput.WriteJson(new HashReport(step, hash), isIndented: false);
            }
            else
            {
                StandardOutput.WriteText(string.Create(CultureInfo.InvariantCulture, $"{step} {hash}\n"));
            }
        }
    }
}
