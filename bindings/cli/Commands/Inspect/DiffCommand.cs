using System.CommandLine;
using System.Globalization;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Inspect;
using Culverin.Inspect.Explain;
using Culverin.Run;
using Culverin.Trace;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>`diff`: the first step at which two traces part.</summary>
internal sealed class DiffCommand : Verb
{
    private readonly Log _log;
    private readonly Interruption _interruption;
    private readonly Parts _parts;

    public DiffCommand(Log log, Interruption interruption)
        : this(log, interruption, new Parts())
    {
    }

    private DiffCommand(Log log, Interruption interruption, Parts parts)
        : base("diff", "find the first step at which two traces part, and explain it", parts.All)
    {
        _log = log;
        _interruption = interruption;
        _parts = parts;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        string one = flags.TextOf(_parts.One);
        string other = flags.TextOf(_parts.Other);
        FilePlan plan = new FilePlan()
            .ReadsFolder(_parts.One.Name, one)
            .ReadsFolder(_parts.Other.Name, other);
        _parts.Symbols.AddTo(plan, flags);
        plan.Check();
        if (RealPath.Of(one) == RealPath.Of(other))
        {
            throw new CulverinException(ErrorCode.InvalidArgument, "Both traces are the same folder.");
        }

        _interruption.Defer();
        try
        {
            using TraceIndex index = TraceIndex.Open(one, OptionsOf(flags));
            using TraceIndex otherIndex = TraceIndex.Open(other, OptionsOf(flags));
            return Compare(flags, index, otherIndex);
        }
        catch (CulverinException error) when (error.Code == ErrorCode.Cancelled)
        {
            _log.Info("Interrupted", ("module", "diff"));
            return ExitCodes.Interrupted;
        }
    }

    private TraceOptions OptionsOf(ParseResult flags) => new()
    {
        Machine = new MachineOptions { Engine = EngineFlag.KindOf(flags, _parts.Engine) },
        MemoryBytesMax = MemoryLimit.BytesOf(flags, _parts.Memory),
    };

    private int Compare(ParseResult flags, TraceIndex one, TraceIndex other)
    {
        bool isEveryStep = flags.GetValue(_parts.EveryStep);
        var comparison = new TraceComparison(one, other, _interruption.Token);
        TraceDifference found = isEveryStep ? comparison.CompareEveryStep() : comparison.Bisect();
        if (flags.GetValue(JsonFlag))
        {
            StandardOutput.WriteJson(
                new DiffReport(
                    found.FirstUnequalStep is null,
                    found.LastEqualStep,
                    found.FirstUnequalStep,
                    found.ComparedCount,
                    isEveryStep),
                isIndented: false);
        }
        else
        {
            StandardOutput.WriteText(Describe(found, isEveryStep));
        }

        if (found.FirstUnequalStep is null)
        {
            return ExitCodes.Success;
        }

        foreach (TraceIndex index in new[] { one, other })
        {
            // The step that leads from equal states to different ones.
            StepExplanation step = index.Inspect(
                found.LastEqualStep ?? found.FirstUnequalStep.Value,
                machine => new StepExplainer(
                    machine, _parts.Symbols.Read(flags, machine.Image, null)).Explain(),
                _interruption.Token);
            if (flags.GetValue(JsonFlag))
            {
                StandardOutput.WriteJson(ExplainReport.Of(step), isIndented: false);
            }
            else
            {
                string name = index == one ? _parts.One.Name : _parts.Other.Name;
                StandardOutput.WriteText($"\n{name}\n{ExplanationText.Describe(step)}");
            }
        }

        return ExitCodes.TracesDiffer;
    }

    private static string Describe(TraceDifference found, bool isEveryStep)
    {
        string way = isEveryStep
            ? "every step was compared"
            : "between checkpoints only where they part: states that differ and meet again are not seen";
        string what = (found.FirstUnequalStep, found.LastEqualStep) switch
        {
            (null, var last) => string.Create(
                CultureInfo.InvariantCulture, $"The traces are equal up to their end at step {last}"),
            (var first, null) => string.Create(
                CultureInfo.InvariantCulture, $"The traces differ in their first state, at step {first}"),
            (_, var last) => string.Create(
                CultureInfo.InvariantCulture, $"The traces are equal before step {last}, and part in it"),
        };
        return string.Create(
            CultureInfo.InvariantCulture, $"{what} ({found.ComparedCount} hashes compared; {way}).\n");
    }

    /// <summary>The flags.</summary>
    private sealed class Parts
    {
        public Option<string> One { get; } = Flag.RequiredText("--dir", "DIR", "folder of one trace");

        public Option<string> Other { get; } = Flag.RequiredText("--other", "DIR", "folder of the other");

        public Option<bool> EveryStep { get; } = Flag.Switch(
            "--every-step", "compare every step, which also sees states that differ and meet again");

        public SymbolFlags Symbols { get; } = new();

        public Option<string> Memory { get; } = MemoryLimit.CreateFlag();

        public Option<string> Engine { get; } = EngineFlag.Create();

        public Option[] All => [One, Other, EveryStep, .. Symbols.All, Memory, Engine];
    }
}
