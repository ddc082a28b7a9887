using Culverin.Harness.Report;

namespace Culverin.Harness.Cli.Programs;

/// <summary>A claim that the fault-proof program decided, or could not decide.</summary>
internal sealed record FaultProofLine(
    string L1Head,
    ulong AgreedBlock,
    string AgreedOutputRoot,
    ulong ClaimedBlock,
    string ClaimedOutputRoot,
    ulong L2ChainId,
    byte StateVersion,
    string Prestate,
    string Verdict,
    byte ExitCode,
    ulong Steps,
    double Seconds,
    int Pages,
    ulong Preimages,
    int Waits,
    string Output) : JsonReport;
