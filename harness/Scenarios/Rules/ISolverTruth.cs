using Culverin.Harness.Disputes.Games;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>What is really right in a game, told by whoever judges the honest side.</summary>
public interface ISolverTruth
{
    /// <summary>Whether a claim is right; below the split only asked where the dispute is sound.</summary>
    Task<bool> IsRightAsync(Game game, Claim claim, CancellationToken cancellation);

    /// <summary>
    /// Whether the dispute around a claim below the split starts from a right output root.
    /// </summary>
    Task<bool> IsSoundAsync(Game game, Claim claim, CancellationToken cancellation);
}
