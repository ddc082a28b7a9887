namespace Culverin.Cli.Reports;

/// <summary>What a state commits to, and what else is known of it.</summary>
internal sealed record WitnessReport(
    byte StateVersion,
    string WitnessHash,
    string Witness,
    ulong Step,
    bool Exited,
    byte ExitCode,
    ulong ProgramCounter,
    int Pages) : Report("witness");
