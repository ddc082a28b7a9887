namespace Culverin.Cli.Reports;

/// <summary>
/// What a proof proves: valid if one version takes it, whatever was expected of its hashes.
/// </summary>
internal sealed record VerifyReport(
    bool Valid,
    ulong Step,
    string PreHash,
    string PostHash,
    bool AsExpected,
    IEnumerable<ReportedExpectation> Expectations,
    IEnumerable<ReportedVerdict> Versions) : Report("verify");

/// <summary>A hash that was asked for, and what the proof has.</summary>
internal sealed record ReportedExpectation(string What, string Expected, string Found, bool Met);

/// <summary>What one version says of the proof; the fault is null if it is valid.</summary>
internal sealed record ReportedVerdict(byte StateVersion, string Type, bool Valid, string? Fault);
