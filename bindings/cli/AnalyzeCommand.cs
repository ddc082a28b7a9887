using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
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
        ElfFile elf = ElfInput.Read(flags.TextOf(_path));
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
                json.WritePropertyName("oldestVersion");
                WriteOldest(json, OldestOf(reports));
                json.WriteStartArray("versions");
                foreach (AnalysisReport report in reports)
                {
                    WriteVersion(json, report);
                }

                json.WriteEndArray();
                WriteStrings(json, "limits", AnalysisReport.Limits);
            },
            isIndented: true);

    private static void WriteOldest(Utf8JsonWriter json, AnalysisReport? oldest)
    {
        if (oldest is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        WriteName(json, oldest);
        json.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter json, AnalysisReport report)
    {
        json.WriteNumber("stateVersion", (byte)report.Version);
        json.WriteString("type", FeatureSet.Of(report.Version).Name);
    }

    private static void WriteVersion(Utf8JsonWriter json, AnalysisReport report)
    {
        json.WriteStartObject();
        WriteName(json, report);
        json.WriteString("verdict", Reports.CamelCase(report.Verdict.ToString()));
        WriteStrings(json, "reasons", report.Reasons);
        json.WriteString("goVersion", report.GoVersion);
        json.WriteNumber("functions", report.FunctionCount);
        json.WriteNumber("instructionCount", report.InstructionCount);
        json.WriteStartArray("instructions");
        foreach (InstructionFinding finding in report.Instructions)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            WriteEffect(json, finding.Effect, finding.Explanation);
            WritePlaces(json, finding.Count, finding.Reach, finding.Places);
        }

        json.WriteEndArray();
        json.WriteStartArray("syscalls");
        foreach (SyscallFinding finding in report.Syscalls)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            if (finding.Number is { } number)
            {
                json.WriteNumber("number", number);
            }

            WriteEffect(json, finding.Effect, finding.Explanation);
            WritePlaces(json, finding.Count, finding.Reach, finding.Places);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEffect(Utf8JsonWriter json, FindingEffect effect, string explanation)
    {
        json.WriteString("effect", Reports.CamelCase(effect.ToString()));
        json.WriteString("explanation", explanation);
    }

    /// <summary>Writes the places and ends the finding.</summary>
    private static void WritePlaces(
        Utf8JsonWriter json, int count, CodeReach reach, IReadOnlyList<CodePlace> places)
    {
        json.WriteNumber("count", count);
        json.WriteString("reach", Reports.CamelCase(reach.ToString()));
        json.WriteStartArray("places");
        foreach (CodePlace place in places)
        {
            json.WriteStartObject();
            json.WriteNumber("address", place.Address);
            json.WriteString("function", place.Function);
            json.WriteString("reach", Reports.CamelCase(place.Reach.ToString()));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (string text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
