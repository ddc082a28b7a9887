using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Stories;

/// <summary>One event of a story.</summary>
public sealed record TimelineEntry
{
    /// <summary>The part of the story that it belongs to; entries of one part follow each other.</summary>
    public required string Chapter { get; init; }

    /// <summary>Where it happened.</summary>
    public required StoryChain Chain { get; init; }

    /// <summary>The block; null when it is in none.</summary>
    public ulong? BlockNumber { get; init; }

    /// <summary>When: seconds since 1970, by L1's clock except for what happened on L2.</summary>
    public required ulong TimestampSeconds { get; init; }

    /// <summary>The name of who did it; empty when it was nobody.</summary>
    public string Actor { get; init; } = "";

    /// <summary>What happened, in plain words.</summary>
    public required string Text { get; init; }

    /// <summary>The sort of event.</summary>
    public EntryKind Kind { get; init; }

    /// <summary>The transaction; null when there is none.</summary>
    public Bytes32? Transaction { get; init; }

    /// <summary>Gas that it used; null when there is no transaction.</summary>
    public ulong? Gas { get; init; }

    /// <summary>Wei that moved; null when the event is not about money.</summary>
    public BigInteger? AmountWei { get; init; }

    /// <summary>More for who wants it: an error as decoded, a value; null when there is none.</summary>
    public string? Detail { get; init; }
}
