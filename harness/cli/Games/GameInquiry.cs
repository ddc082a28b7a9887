using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Games;

/// <summary>Reads a game to show it, and judges what can be judged without running the program.</summary>
internal static class GameInquiry
{
    /// <summary>Reads it; throws <see cref="ChainException"/> when that fails.</summary>
    /// <param name="session">The nodes.</param>
    /// <param name="found">The game.</param>
    /// <param name="block">The L1 block as of which it is read.</param>
    /// <param name="isWhole">Whether all claims about outputs are judged, or the root claim only.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<GameSummary> ReadAsync(
        GameSession session,
        FoundGame found,
        Block block,
        bool isWhole,
        CancellationToken cancellation)
    {
        Contract contract = session.Contracts.Game.At(found.Address);
        Game game = await GameReader.ReadAsync(contract, block, cancellation).ConfigureAwait(false);
        Dictionary<int, Judgement> judgements = [];
        List<string> failures = [];
        if (session.OutputsOf(game) is { } outputs)
        {
            GameTrace trace = new(new OutputTrace(outputs, game), new NoStates());
            GamePlan plan = await new HonestSolver(trace, default)
                .PlanAsync(game, cancellation)
                .ConfigureAwait(false);
            judgements[0] = plan.Root;
            if (plan.Root.Validity == Validity.Unknown)
            {
                failures.AddRange(plan.Failures.Take(1));
            }

            foreach (Claim claim in game.Claims.Where(claim => isWhole && !claim.IsRoot))
            {
                if (game.IsOutput(claim))
                {
                    judgements[claim.Index] =
                        await JudgeAsync(trace, game, claim, failures, cancellation)
                            .ConfigureAwait(false);
                }
            }
        }

        return new GameSummary(found, game, block, judgements, failures);
    }

    private static async Task<Judgement> JudgeAsync(
        GameTrace trace,
        Game game,
        Claim claim,
        List<string> failures,
        CancellationToken cancellation)
    {
        try
        {
            Bytes32 right = await trace.RightValueAsync(game, claim, cancellation).ConfigureAwait(false);
            return right == claim.Value
                ? new Judgement(Validity.Valid, right, "It is right.")
                : new Judgement(Validity.Invalid, right, $"Right is {right}.");
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            failures.Add(error.Message);
            return new Judgement(Validity.Unknown, null, error.Message);
        }
    }

    private sealed class NoStates : IStateTraces
    {
        public Task<IStateTrace> OpenAsync(
            OutputDispute dispute, CancellationToken cancellation = default) =>
            throw new ChainException(ChainFailure.BadAnswer, "The program is not run to show a game.");
    }
}
