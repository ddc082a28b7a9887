using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Trace;

/// <summary>`trace build`: runs a program once and keeps checkpoints of the way.</summary>
internal sealed class TraceBuildCommand : TraceVerb
{
    private readonly Option<string> _input;
    private readonly Option<string> _until;

    public TraceBuildCommand(Log log, Interruption interruption)
        : this(
            log,
            interruption,
            Flag.Text("--input", "FILE", "state to start from; not needed to go on with a trace"),
            Flag.Text("--until", "STEP", "where to stop; the guest's end if not given"))
    {
    }

    private TraceBuildCommand(Log log, Interruption interruption, Option<string> input, Option<string> until)
        : base(log, interruption, "build", "run a program once and keep checkpoints of the way", input, until)
    {
        _input = input;
        _until = until;
    }

    /// <inheritdoc/>
    protected override void AddFiles(FilePlan plan, ParseResult flags) =>
        plan.Reads(_input.Name, flags.TextOf(_input));

    /// <inheritdoc/>
    protected override TraceIndex Open(ParseResult flags, TraceOptions options)
    {
        if (flags.TextOf(_input) is { Length: > 0 } input)
        {
            return Create(flags, input, options);
        }

        try
        {
            return base.Open(flags, options);
        }
        catch (CulverinException error) when (error.Code == ErrorCode.FileAccess)
        {
            throw new CulverinException(
                error.Code, $"{error.Message} A new trace needs {_input.Name}.", error);
        }
    }

    /// <inheritdoc/>
    protected override void Act(ParseResult flags, TraceIndex index)
    {
        ulong? until = flags.IsGiven(_until) ? flags.NumberOf(_until, ulong.MaxValue) : null;
        var progress = new ProgressDisplay(Log, index.Describe().LastStep, until);
        try
        {
            index.Build(until, new Follower(progress), Interruption.Token);
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
                TraceReport.Of("traceBuild", index, seconds: progress.Elapsed.TotalSeconds),
                isIndented: true);
        }
    }

    /// <summary>Shows progress at once, on the thread that runs the guest.</summary>
    private sealed class Follower(ProgressDisplay display) : System.IProgress<TraceProgress>
    {
        public void Report(TraceProgress value) => display.Show(value.Step, value.PageCount);
    }
}
