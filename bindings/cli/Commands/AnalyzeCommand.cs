using System.CommandLine;
using Culverin.Analyze;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Guest;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>`analyze`: what state versions lack of what a program needs, told without running it.</summary>
internal sealed class AnalyzeCommand : Verb
{
    private readonly Option<string> _path;
    private readonly Option<string> _type;
    private readonly Option<bool> _details;

    public AnalyzeCommand()
        : this(
            Flag.RequiredText("--path", "FILE", "big-endian MIPS program; - is standard input"),
            Flag.Text(
                "--type", "NAME", $"state version: {LoadElfCommand.TypeNames()}; all if not given"),
            Flag.Switch("--details", "tell all reasons, cautions and findings with their places"))
    {
    }

    private AnalyzeCommand(Option<string> path, Option<string> type, Option<bool> details)
        : base(
            "analyze",
            "tell the oldest version that runs a program, and what of it other versions lack",
            path,
            type,
            details)
    {
        _details = details;
        _path = path;
        _type = type;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        string type = flags.TextOf(_type);
        IReadOnlyList<FeatureSet> versions = type.Length > 0 ? [FeatureSet.Of(type)] : FeatureSet.All;
        ElfFile elf = ElfInput.Read(flags.TextOf(_path));
        List<AnalysisReport> reports =
            versions.Select(features => GuestAnalyzer.Analyze(elf, features)).ToList();
        if (flags.GetValue(JsonFlag))
        {
            WriteReport(reports);
        }
        else
        {
            StandardOutput.WriteText(AnalysisText.Write(reports, flags.GetValue(_details)));
        }

        return reports.Min(report => report.Verdict) switch
        {
            Verdict.Runs => ExitCodes.Success,
            Verdict.Unknown => ExitCodes.ProgramUnknown,
            Verdict.MayPanic => ExitCodes.ProgramMayPanic,
            _ => ExitCodes.ProgramUnsupported,
        };
    }

    private static void WriteReport(List<AnalysisReport> reports) =>
        StandardOutput.WriteJson(AnalyzeReport.Of(reports), isIndented: true);
}
