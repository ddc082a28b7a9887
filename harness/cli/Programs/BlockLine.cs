using Culverin.Harness.Report;

namespace Culverin.Harness.Cli.Programs;

/// <summary>A block that was executed, and whether its hash came out.</summary>
internal sealed record BlockLine(
    string File,
    ulong Block,
    string ExpectedHash,
    byte StateVersion,
    string Verdict,
    byte? ExitCode,
    ulong Steps,
    double Seconds,
    int Pages,
    string Output) : JsonReport;
