using System.CommandLine;
using Culverin.Trace;

namespace Culverin.Cli;

/// <summary>`trace build`: runs a program once and keeps checkpoints of the way.</summary>
internal sealed class TraceBuildCommand : TraceVerb
{
    private readonly Option<string> _input;
    private readonly Option<string> _until;

    public TraceBuildCommand(Log log)
        : this(
            log,
            Flag.Text("--input", "FILE", "state to start from; not needed to go on with a trace"),
            Flag.Text("--until", "STEP", "where to stop; the guest's end if not given"))
    {
    }

    private TraceBuildCommand(Log log, Option<string> input, Option<string> until)
        : base(log, "build", "run a program once and keep checkpoints of the way", input, until)
    {
        _input = input;
        _until = until;
    }

    /// <inheritdoc/>
    protected override TraceIndex Open(ParseResult flags, TraceOptions options) =>
        flags.TextOf(_input) is { Length: > 0 } input
            ? Create(flags, input, options)
            : base.Open(flags, options);

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index, Interruption interruption)
    {
        ulong? until = flags.IsGiven(_until) ? flags.NumberOf(_until, ulong.MaxValue) : null;
        var progress = new ProgressDisplay(Log, index.Describe().LastStep, until);
        try
        {
            index.Build(
                until ?? ulong.MaxValue, new Follower(progress), interruption.Token);
        }
        finally
        {
            progress.Clear();
        }

        TraceSummary summary = index.Describe();
        Log.Info(
            "Trace built", ("module", "trace"), ("last", summary.LastStep), ("finished", summary.IsFinished),
            ("checkpoints", summary.CheckpointCount), ("bytes", summary.DiskBytes));
        if (flags.GetValue(JsonFlag))
        {
            StandardOutput.WriteJson(
                json =>
                {
                    Reports.WriteHead(json, "traceBuild");
                    WriteSummary(json, index);
                    json.WriteNumber("seconds", progress.Elapsed.TotalSeconds);
                },
                isIndented: true);
        }
    }

    /// <summary>Shows progress at once, on the thread that runs the guest.</summary>
    private sealed class Follower(ProgressDisplay display) : System.IProgress<TraceProgress>
    {
        public void Report(TraceProgress value) => display.Show(value.Step, value.PageCount);
    }
}
