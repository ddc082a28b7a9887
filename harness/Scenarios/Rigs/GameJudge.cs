using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>Judges the honest side by what the blocks tell of it, not by what the player says.</summary>
public static class GameJudge
{
    /// <summary>
    /// Notes every rule that an account broke in a game, expects that the contract took whatever the
    /// account sent, and returns how many moves and steps it looked at. Throws <see cref="ChainException"/>
    /// and <see cref="ExpectationException"/>.
    /// </summary>
    /// <param name="run">The scenario.</param>
    /// <param name="game">The game's contract.</param>
    /// <param name="honest">The account.</param>
    /// <param name="truth">What is right in the game, from elsewhere than the player has it.</param>
    /// <param name="fromNumber">The first L1 block to look at: the game's own or an earlier one.</param>
    public static async Task<int> JudgeAsync(
        ScenarioRun run, Contract game, Address honest, ISolverTruth truth, ulong fromNumber)
    {
        IReadOnlyList<PastAction> actions = await GameHistory
            .ReadAsync(game, honest, fromNumber, run.Cancellation)
            .ConfigureAwait(false);
        SolverRules rules = new(truth, honest);
        foreach (PastAction past in actions)
        {
            foreach (string rule in await rules
                .CheckAsync(past.Before, past.Action, run.Cancellation)
                .ConfigureAwait(false))
            {
                run.AddViolation($"{rule} against {past.Action.Against}");
            }

            run.Expect("Whether the contract took the honest action", true, past.Succeeded);
        }

        return actions.Count;
    }
}
