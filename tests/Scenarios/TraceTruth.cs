using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Scenarios.Rules;

namespace Culverin.Scenarios.Tests;

/// <summary>The truth as a trace tells it.</summary>
internal sealed class TraceTruth(GameTrace trace) : ISolverTruth
{
    /// <inheritdoc/>
    public async Task<bool> IsRightAsync(Game game, Claim claim, CancellationToken cancellation) =>
        await trace.RightValueAsync(game, claim, cancellation).ConfigureAwait(false) == claim.Value;

    /// <inheritdoc/>
    public async Task<bool> IsSoundAsync(Game game, Claim claim, CancellationToken cancellation)
    {
        (Claim leaf, bool isAttack) = game.LeafAbove(claim);
        return game.PrestateOf(leaf, isAttack) is not { } starting
            || await IsRightAsync(game, starting, cancellation).ConfigureAwait(false);
    }
}
