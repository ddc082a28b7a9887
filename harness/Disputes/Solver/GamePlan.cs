using Culverin.Harness.Disputes.Games;

namespace Culverin.Harness.Disputes.Solver;

/// <summary>What the honest side should do in a game as it stands.</summary>
/// <param name="Root">What is known about the root claim.</param>
/// <param name="Actions">What to do, in the order of the claims that it counters.</param>
/// <param name="Abstentions">Claims that should be countered, but cannot be now or any more.</param>
/// <param name="Failures">What could not be known as a node or a file failed; empty when none did.</param>
public sealed record GamePlan(
    Judgement Root,
    IReadOnlyList<IntendedAction> Actions,
    IReadOnlyList<Abstention> Abstentions,
    IReadOnlyList<string> Failures);

/// <summary>A claim that is left alone, and why.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record Abstention(Claim Claim, string Reason);
