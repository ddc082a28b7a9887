using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>
/// How a game ends when nobody moves any more: what the contract's resolution, claim by claim from the last
/// to the first, would do.
/// </summary>
/// <param name="Status">Who wins.</param>
/// <param name="CounteredBy">For each claim who refuted it; null when it stands.</param>
/// <param name="Credits">Wei that each account gets from the bonds.</param>
public sealed record GameForecast(
    GameStatus Status,
    IReadOnlyList<Address?> CounteredBy,
    IReadOnlyDictionary<Address, BigInteger> Credits)
{
    /// <summary>Resolves a copy of the game.</summary>
    public static GameForecast Of(Game game)
    {
        var countered = new Address?[game.Claims.Count];
        Dictionary<Address, BigInteger> credits = [];
        foreach (Claim claim in game.Claims.Reverse())
        {
            countered[claim.Index] = WhoCounters(game, claim, countered);
            Address winner = countered[claim.Index] ?? claim.Claimant;
            credits[winner] = credits.GetValueOrDefault(winner) + claim.Bond;
        }

        GameStatus status =
            countered[0] is null ? GameStatus.DefenderWins : GameStatus.ChallengerWins;
        return new GameForecast(status, countered, credits);
    }

    // The left-most standing answer; of several at one position the first.
    private static Address? WhoCounters(Game game, Claim claim, Address?[] countered)
    {
        if (claim.IsRoot && game.BlockNumberChallenger is { } challenger)
        {
            return challenger;
        }

        Claim? winner = null;
        bool hasAnswers = false;
        foreach (Claim answer in game.ChildrenOf(claim))
        {
            hasAnswers = true;
            if (countered[answer.Index] is null && (winner is null || answer.Position < winner.Position))
            {
                winner = answer;
            }
        }

        return hasAnswers || claim.IsRoot ? winner?.Claimant : claim.CounteredBy;
    }
}
