using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Scenarios;

/// <summary>
/// Plays as the honest side would if what is wrong were right: the most consistent of all opponents, which
/// takes a dispute to the very place of its lie.
/// </summary>
/// <param name="client">Its account, and the game.</param>
/// <param name="beliefs">What it takes as right.</param>
public sealed class Liar(GameClient client, GameTrace beliefs)
{
    private readonly HashSet<int> _steppedAgainst = [];

    /// <summary>How many of its steps the contract refused.</summary>
    public int RefusedStepCount { get; private set; }

    /// <summary>
    /// Makes all moves that it would make now, and tries each step once; returns how many moves it made.
    /// Throws <see cref="ChainException"/>, also when the contract takes a step of its.
    /// </summary>
    public async Task<int> AnswerAsync(CancellationToken cancellation = default)
    {
        Game game = await client.ReadAsync(cancellation).ConfigureAwait(false);
        GamePlan plan = await new HonestSolver(beliefs, client.Account)
            .PlanAsync(game, cancellation)
            .ConfigureAwait(false);
        int moves = 0;
        foreach (IntendedAction action in plan.Actions)
        {
            if (action is IntendedMove move)
            {
                _ = await client
                    .MoveAsync(move.Against, move.IsAttack, move.Value, move.Bond, cancellation)
                    .ConfigureAwait(false);
                moves++;
            }
            else if (action is IntendedStep step && _steppedAgainst.Add(step.Against.Index))
            {
                await TryStepAsync(step, cancellation).ConfigureAwait(false);
            }
        }

        return moves;
    }

    private async Task TryStepAsync(IntendedStep step, CancellationToken cancellation)
    {
        try
        {
            _ = await client
                .StepAsync(step.Against.Index, step.IsAttack, step.Data, cancellation)
                .ConfigureAwait(false);
        }
        catch (RevertedException)
        {
            RefusedStepCount++;
            return;
        }

        throw new ChainException(
            ChainFailure.BadAnswer, $"The contract took a liar's step against {step.Against}.");
    }
}
