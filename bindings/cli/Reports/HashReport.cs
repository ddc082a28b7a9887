namespace Culverin.Cli.Reports;

/// <summary>A state's hash: what a dispute bisects over.</summary>
internal sealed record HashReport(ulong Step, string StateHash) : Report("hash");
