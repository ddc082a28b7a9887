namespace Culverin.Cli.Reports;

/// <summary>How a run ended and what it took; the exit code has a meaning once exited.</summary>
internal sealed record RunReport(
    string Outcome,
    byte StateVersion,
    ulong StartStep,
    ulong Step,
    bool Exited,
    byte ExitCode,
    string StateHash,
    int Pages,
    int Proofs,
    int Snapshots,
    ulong PreimageRequests,
    ulong PreimageBytes,
    double Seconds,
    double StepsPerSecond) : Report("run");
