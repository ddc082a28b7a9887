using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>Asks several nodes the same, and knows only what enough of them say and none denies.</summary>
internal static class GameAgreement
{
    /// <summary>
    /// Asks all at once. Throws <see cref="ChainException"/> when two answers differ, or too few answer.
    /// </summary>
    /// <param name="questions">One for each node.</param>
    /// <param name="count">How many must answer.</param>
    /// <param name="isSame">Whether two answers are the same.</param>
    /// <param name="what">What is asked, as the end of a sentence.</param>
    internal static async Task<T> AgreeAsync<T>(
        IReadOnlyList<Func<Task<T>>> questions, int count, Func<T, T, bool> isSame, string what)
    {
        (T? Answer, CulverinException? Error)[] answers =
            await Task.WhenAll(questions.Select(TryAsync)).ConfigureAwait(false);
        T[] known = [.. answers.Where(each => each.Error is null).Select(each => each.Answer!)];
        int other = Array.FindIndex(answers, each => each.Error is null && !isSame(known[0], each.Answer!));
        if (other >= 0)
        {
            int first = Array.FindIndex(answers, each => each.Error is null);
            throw new ChainException(
                ChainFailure.BadAnswer, $"Nodes {first + 1} and {other + 1} disagree about {what}.");
        }

        if (known.Length >= count)
        {
            return known[0];
        }

        CulverinException error = answers.First(each => each.Error is not null).Error!;
        throw questions.Count == 1
            ? error
            : new ChainException(
                ChainFailure.BadAnswer,
                $"Only {known.Length} of {questions.Count} nodes tell {what}, and {count} must: "
                    + error.Message,
                error);
    }

    /// <summary>A game as several nodes have it at one block; throws as <see cref="AgreeAsync"/>.</summary>
    internal static Task<Game> ReadAsync(
        IReadOnlyList<Contract> games, int count, Block block, CancellationToken cancellation) =>
        AgreeAsync(
            [
                .. games.Select(game =>
                    (Func<Task<Game>>)(() => GameReader.ReadAsync(game, block, cancellation))),
            ],
            count,
            IsSame,
            $"the game {games[0].Address} at L1 block {block.Number}");

    private static async Task<(T? Answer, CulverinException? Error)> TryAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return (await ask().ConfigureAwait(false), null);
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            return (default, error);
        }
    }

    private static bool IsSame(Game left, Game right) =>
        left.Claims.SequenceEqual(right.Claims)
        && left.Rules.Bonds.SequenceEqual(right.Rules.Bonds)
        && left.Rules with { Bonds = [] } == right.Rules with { Bonds = [] }
        && Facts(left) == Facts(right);

    private static (GameStatus, Bytes32, ulong, ulong, Bytes32, Address?) Facts(Game game) =>
        (game.Status, game.StartingRoot, game.StartingBlock, game.ClaimedBlock, game.L1Head,
            game.BlockNumberChallenger);
}
