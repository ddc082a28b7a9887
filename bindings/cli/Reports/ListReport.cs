namespace Culverin.Cli.Reports;

/// <summary>The state versions that can be run.</summary>
internal sealed record ListReport(IEnumerable<ListedVersion> Versions) : Report("list");

/// <summary>A state version, its name and the size of its words.</summary>
internal sealed record ListedVersion(byte StateVersion, string Type, int WordBits);
