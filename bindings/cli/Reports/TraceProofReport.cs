namespace Culverin.Cli.Reports;

/// <summary>A proof out of a trace, and its file; past the end both hashes are the same.</summary>
internal sealed record TraceProofReport(
    ulong Step, bool PastEnd, string PreHash, string PostHash, string File) : Report("traceProof");
