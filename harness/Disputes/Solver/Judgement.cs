using Culverin.Harness.Values;


namespace Culverin.Harness.Disputes.Solver;

/// <summary>What is known about a claim, and why.</summary>
/// <param name="Validity">What is known.</param>
/// <param name="Right">The right value; null when it is not known.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record Judgement(Validity Validity, Bytes32? Right, string Reason);
