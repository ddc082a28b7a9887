namespace Culverin.Harness.Report.Stories;

/// <summary>A point in the life of a withdrawal.</summary>
/// <param name="Name">A word or two.</param>
/// <param name="TimestampSeconds">When, in seconds since 1970.</param>
/// <param name="Text">What it means, in one sentence.</param>
public sealed record Milestone(string Name, ulong TimestampSeconds, string Text);
