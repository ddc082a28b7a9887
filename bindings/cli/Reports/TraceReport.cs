using System.Text.Json.Serialization;
using Culverin.Trace;

namespace Culverin.Cli.Reports;

/// <summary>What the folder of a trace holds; seconds and first hash only where they are told.</summary>
internal sealed record TraceReport(
    string Kind,
    byte StateVersion,
    ulong FirstStep,
    ulong LastStep,
    bool Finished,
    int Checkpoints,
    int Probes,
    ulong SpacingSteps,
    long DiskBytes,
    int Preimages,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? FirstHash) : Report(Kind)
{
    /// <summary>Describes an index.</summary>
    public static TraceReport Of(
        string kind, TraceIndex index, double? seconds = null, string? firstHash = null)
    {
        TraceSummary summary = index.Describe();
        return new TraceReport(
            kind,
            (byte)index.Features.Version,
            summary.FirstStep,
            summary.LastStep,
            summary.IsFinished,
            summary.CheckpointCount,
            summary.ProbeCount,
            summary.SpacingSteps,
            summary.DiskBytes,
            summary.PreimageCount,
            seconds,
            firstHash);
    }
}
