namespace Culverin.Harness.Report.Stories;

/// <summary>Something that had to be so in a story.</summary>
/// <param name="Text">What.</param>
/// <param name="Held">Whether it was.</param>
/// <param name="Got">What was found, for a reader who wants to know why not.</param>
public sealed record Expectation(string Text, bool Held, string Got);
