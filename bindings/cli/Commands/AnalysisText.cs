using System.Globalization;
using System.Text;
using Culverin.Analyze;
using Culverin.Cli.Output;
using Culverin.Cli.Reports;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>
/// Reports of the analyser for people: what stops the program first, then what else is in its way; versions
/// of which the same is to be said together.
/// </summary>
internal static class AnalysisText
{
    private const int ReasonsMax = 4;

    /// <summary>The text, lines ended by a line feed.</summary>
    /// <param name="reports">Reports of a program in the order of versions.</param>
    /// <param name="hasDetails">Whether every finding is told with its places.</param>
    public static string Write(IReadOnlyList<AnalysisReport> reports, bool hasDetails)
    {
        var text = new StringBuilder("oldest version that runs it: ");
        text.Append(reports.FirstOrDefault(report => report.Verdict == Verdict.Runs) is { } oldest
            ? NameOf(oldest)
            : "none without a doubt");
        text.Append('\n');
        foreach ((string body, List<string> names) in Grouped(reports, hasDetails))
        {
            text.Append(string.Join(", ", names)).Append(": ").Append(body);
        }

        if (!hasDetails && reports.Any(report => report.Instructions.Count + report.Syscalls.Count > 0))
        {
            text.Append("(--details tells all reasons, cautions and findings with their places)\n");
        }

        return text.ToString();
    }

    private static List<(string Body, List<string> Names)> Grouped(
        IReadOnlyList<AnalysisReport> reports, bool hasDetails)
    {
        List<(string Body, List<string> Names)> groups = [];
        foreach (AnalysisReport report in reports)
        {
            string body = Describe(report, hasDetails);
            int found = groups.FindIndex(group => group.Body == body);
            if (found < 0)
            {
                groups.Add((body, [NameOf(report)]));
            }
            else
            {
                groups[found].Names.Add(NameOf(report));
            }
        }

        return groups;
    }

    private static string Describe(AnalysisReport report, bool hasDetails)
    {
        var text = new StringBuilder(Words(report.Verdict));
        text.Append('\n');
        IEnumerable<string> sentences =
            hasDetails ? report.Reasons.Concat(report.Cautions) : report.Reasons.Take(ReasonsMax);
        foreach (string sentence in sentences)
        {
            text.Append("  ").Append(GoText.Printable(sentence)).Append('\n');
        }

        if (hasDetails)
        {
            AppendFindings(text, report);
        }
        else if (report.Reasons.Count > ReasonsMax)
        {
            int more = report.Reasons.Count - ReasonsMax;
            text.Append(CultureInfo.InvariantCulture, $"  and {more} more reasons\n");
        }

        return text.ToString();
    }

    private static void AppendFindings(StringBuilder text, AnalysisReport report)
    {
        foreach (InstructionFinding finding in report.Instructions)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"  instruction {finding.Name}, {finding.Count} times, {Name(finding.Effect)}: ")
                .Append(finding.Explanation).Append('\n');
            AppendPlaces(text, finding.Places);
        }

        foreach (SyscallFinding finding in report.Syscalls)
        {
            string number = finding.Number?.ToString(CultureInfo.InvariantCulture) ?? "?";
            text.Append(
                CultureInfo.InvariantCulture,
                $"  system call {finding.Name} ({number}), {Name(finding.Effect)}: ")
                .Append(finding.Explanation).Append('\n');
            AppendPlaces(text, finding.Places);
        }
    }

    private static void AppendPlaces(StringBuilder text, IReadOnlyList<CodePlace> places)
    {
        foreach (CodePlace place in places)
        {
            string reach = Report.NameOf(place.Reach);
            text.Append(
                CultureInfo.InvariantCulture,
                $"    {place.Address:x8} {GoText.Printable(place.Function)} ({reach})\n");
        }
    }

    private static string Name(FindingEffect effect) => Report.NameOf(effect);

    private static string NameOf(AnalysisReport report) => string.Create(
        CultureInfo.InvariantCulture, $"{FeatureSet.Of(report.Version).Name} ({(byte)report.Version})");

    private static string Words(Verdict verdict) => verdict switch
    {
        Verdict.Runs => "runs",
        Verdict.Unknown => "not known",
        Verdict.MayPanic => "may panic or go wrong",
        _ => "cannot run",
    };
}
