namespace Culverin.Harness.Report.Stories;

/// <summary>A parameter or number that a reader may want to know.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value with the unit.</param>
public sealed record StoryFact(string Name, string Value);
