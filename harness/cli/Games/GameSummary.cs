using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>A game as it is shown.</summary>
/// <param name="Found">Its entry in the factory's list.</param>
/// <param name="Game">The game.</param>
/// <param name="Block">The L1 block as of which it was read.</param>
/// <param name="Judgements">
/// What is known about claims, by index; only the root's in a list, none when nothing was asked.
/// </param>
/// <param name="Failures">What could not be judged as a node failed.</param>
internal sealed record GameSummary(
    FoundGame Found,
    Game Game,
    Block Block,
    IReadOnlyDictionary<int, Judgement> Judgements,
    IReadOnlyList<string> Failures)
{
    /// <summary>The bonds of all claims in wei.</summary>
    public BigInteger BondsWei =>
        Game.Claims.Aggregate(BigInteger.Zero, (sum, claim) => sum + claim.Bond);

    /// <summary>
    /// When the last clock runs out if nobody moves any more, in seconds since 1970; null when none runs.
    /// </summary>
    public ulong? ClocksEndAt => Game.Claims
        .Where(claim => !claim.IsResolved)
        .Select(claim => (ulong?)Game.ClockEnd(claim))
        .Max();

    /// <summary>How the game ends, or ended, if nobody moves any more.</summary>
    public GameStatus Forecast =>
        Game.Status == GameStatus.InProgress ? GameForecast.Of(Game).Status : Game.Status;

    /// <summary>What is known about the root claim; null when nothing was asked.</summary>
    public Judgement? Root => Judgements.GetValueOrDefault(0);
}
