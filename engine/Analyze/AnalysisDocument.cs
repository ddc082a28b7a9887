using System.Text.Json;
using System.Text.Json.Serialization;
using Culverin.Versions;

namespace Culverin.Analyze;

/// <summary>Reports of a program as JSON tells them; enumerations begin with a small letter.</summary>
/// <param name="OldestVersion">The oldest version that runs it without a doubt; null for none.</param>
/// <param name="Versions">What is to be said of each version, in their order.</param>
/// <param name="Limits">What the analyser cannot see.</param>
internal sealed record AnalysisDocument(
    AnalyzedVersion? OldestVersion, IReadOnlyList<VersionAnalysis> Versions, IReadOnlyList<string> Limits)
{
    /// <summary>Reports of a program, in the order of versions.</summary>
    public static AnalysisDocument Of(IReadOnlyList<AnalysisReport> reports) => new(
        reports.FirstOrDefault(report => report.Verdict == Verdict.Runs) is { } oldest
            ? new AnalyzedVersion((byte)oldest.Version, FeatureSet.Of(oldest.Version).Name)
            : null,
        [.. reports.Select(VersionAnalysis.Of)],
        AnalysisReport.Limits);

    internal static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>A state version and its name.</summary>
internal sealed record AnalyzedVersion(byte StateVersion, string Type);

/// <summary>One version's report; reasons come before cautions.</summary>
internal sealed record VersionAnalysis(
    byte StateVersion,
    string Type,
    string Verdict,
    IReadOnlyList<string> Reasons,
    string? GoVersion,
    int Functions,
    long InstructionCount,
    IReadOnlyList<AnalysisFinding> Instructions,
    IReadOnlyList<AnalysisFinding> Syscalls)
{
    internal static VersionAnalysis Of(AnalysisReport report) => new(
        (byte)report.Version,
        FeatureSet.Of(report.Version).Name,
        AnalysisDocument.NameOf(report.Verdict),
        [.. report.Reasons, .. report.Cautions],
        report.GoVersion,
        report.FunctionCount,
        report.InstructionCount,
        [
            .. report.Instructions.Select(finding => AnalysisFinding.Of(
                finding.Name, null, finding.Effect, finding.Explanation, finding.Count, finding.Reach,
                finding.Places)),
        ],
        [
            .. report.Syscalls.Select(finding => AnalysisFinding.Of(
                finding.Name, finding.Number, finding.Effect, finding.Explanation, finding.Count,
                finding.Reach, finding.Places)),
        ]);
}

/// <summary>An instruction or a system call that the version does not do as the program may expect.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Number">A system call's number; absent where it is not known, and for instructions.</param>
/// <param name="Effect">What the version does.</param>
/// <param name="Explanation">The same in words.</param>
/// <param name="Count">How often it stands in the program.</param>
/// <param name="Reach">Whether the program gets there.</param>
/// <param name="Places">Some of the places.</param>
internal sealed record AnalysisFinding(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? Number,
    string Effect,
    string Explanation,
    int Count,
    string Reach,
    IReadOnlyList<AnalysisPlace> Places)
{
    internal static AnalysisFinding Of(
        string name,
        ulong? number,
        FindingEffect effect,
        string explanation,
        int count,
        CodeReach reach,
        IReadOnlyList<CodePlace> places) => new(
            name,
            number,
            AnalysisDocument.NameOf(effect),
            explanation,
            count,
            AnalysisDocument.NameOf(reach),
            [
                .. places.Select(place => new AnalysisPlace(
                    place.Address, place.Function, AnalysisDocument.NameOf(place.Reach))),
            ]);
}

/// <summary>A place in the code.</summary>
internal sealed record AnalysisPlace(ulong Address, string Function, string Reach);
