using Culverin.Analyze;

namespace Culverin.Cli.Reports;

/// <summary>What the analyser says of a program.</summary>
internal sealed record AnalyzeReport(
    AnalyzedVersion? OldestVersion, IReadOnlyList<VersionAnalysis> Versions, IReadOnlyList<string> Limits)
    : Report("analyze")
{
    /// <summary>Reports of a program, in the order of versions.</summary>
    public static AnalyzeReport Of(IReadOnlyList<AnalysisReport> reports)
    {
        var document = AnalysisDocument.Of(reports);
        return new AnalyzeReport(document.OldestVersion, document.Versions, document.Limits);
    }
}
