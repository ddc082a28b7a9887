namespace Culverin.Cli.Reports;

/// <summary>The program's version.</summary>
internal sealed record VersionReport(string Version) : Report("version");
