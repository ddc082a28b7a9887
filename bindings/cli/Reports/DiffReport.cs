namespace Culverin.Cli.Reports;

/// <summary>Where two traces part; steps are null where there is none.</summary>
internal sealed record DiffReport(
    bool Equal, ulong? LastEqualStep, ulong? FirstUnequalStep, ulong ComparedSteps, bool EveryStep)
    : Report("diff");
