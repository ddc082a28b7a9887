using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using Culverin.Analyze;
using Culverin.Guest;
using Culverin.Versions;

namespace Culverin.Cli;

/// <summary>`analyze`: what state versions lack of what a program needs, told without running it.</summary>
internal sealed class AnalyzeCommand : Verb
{
    private readonly Option<string> _path;
    private readonly Option<string> _type;

    public AnalyzeCommand()
        : this(
            Flag.RequiredText("--path", "FILE", "big-endian MIPS program"),
            Flag.Text(
                "--type", "NAME", $"state version: {LoadElfCommand.TypeNames()}; all if not given"))
    {
    }

    private AnalyzeCommand(Option<string> path, Option<string> type)
        : base(
            "analyze",
            "tell the oldest version that runs a program, and what of it other versions lack",
            path,
            type)
    {
        _path = path;
        _type = type;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        string type = flags.TextOf(_type);
        IReadOnlyList<FeatureSet> versions = type.Length > 0 ? [FeatureSet.Of(type)] : FeatureSet.All;
        ElfFile elf = ElfFile.Read(flags.TextOf(_path));
        List<AnalysisReport> reports =
            versions.Select(features => GuestAnalyzer.Analyze(elf, features)).ToList();
        if (flags.GetValue(JsonFlag))
        {
            WriteReport(reports);
        }
        else
        {
            StandardOutput.WriteText(Describe(reports));
        }

        return reports.TrueForAll(report => report.Verdict == Verdict.CannotRun)
            ? ExitCodes.ProgramUnsupported
            : ExitCodes.Success;
    }

    private static string Describe(List<AnalysisReport> reports)
    {
        var text = new StringBuilder();
        text.Append("oldest version that runs it: ")
            .Append(OldestOf(reports) is { } oldest ? NameOf(oldest) : "none without a doubt")
            .Append('\n');
        foreach (AnalysisReport report in reports)
        {
            text.Append(NameOf(report)).Append(": ").Append(Words(report.Verdict)).Append('\n');
            foreach (string reason in report.Reasons)
            {
                text.Append("  ").Append(reason).Append('\n');
            }

            foreach (InstructionFinding finding in report.Instructions)
            {
                string effect = $"{Reports.CamelCase(finding.Effect.ToString())}: {finding.Explanation}";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  instruction {finding.Name}, {finding.Count} times, {effect}\n");
                AppendPlaces(text, finding.Places);
            }

            foreach (SyscallFinding finding in report.Syscalls)
            {
                if (finding.Effect <= FindingEffect.Harmless)
                {
                    continue;
                }

                string effect = $"{Reports.CamelCase(finding.Effect.ToString())}: {finding.Explanation}";
                string number = finding.Number?.ToString(CultureInfo.InvariantCulture) ?? "?";
                text.Append(
                    CultureInfo.InvariantCulture, $"  system call {finding.Name} ({number}), {effect}\n");
                AppendPlaces(text, finding.Places);
            }
        }

        return text.ToString();
    }

    // Reports are in the order of versions.
    private static AnalysisReport? OldestOf(List<AnalysisReport> reports) =>
        reports.Find(report => report.Verdict == Verdict.Runs);

    private static string NameOf(AnalysisReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{FeatureSet.Of(report.Version).Name} ({(byte)report.Version})");

    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Runs => "runs",
        Verdict.MayPanic => "may panic or go wrong",
        _ => "cannot run",
    };

    private static void AppendPlaces(StringBuilder text, IReadOnlyList<CodePlace> places)
    {
        foreach (CodePlace place in places)
        {
            string reach = Reports.CamelCase(place.Reach.ToString());
            text.Append(
                CultureInfo.InvariantCulture, $"    {place.Address:x8} {place.Function} ({reach})\n");
        }
    }

    private static void WriteReport(List<AnalysisReport> reports) =>
        StandardOutput.WriteJson(
            json =>
            {
                Reports.WriteHead(json, "analyze");
                AnalysisJson.WriteMembers(json, reports);
            },
            isIndented: true);
}
