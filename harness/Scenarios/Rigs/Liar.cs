using Culverin.Harness.Abi;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// Plays as the honest side would if what is wrong were right: the most consistent of all opponents, which
/// takes a dispute to the very place of its lie.
/// </summary>
/// <param name="client">Its account, and the game.</param>
/// <param name="beliefs">What it takes as right.</param>
/// <param name="preimages">How the oracle gets what its steps read.</param>
public sealed class Liar(GameClient client, GameTrace beliefs, IPreimageLoader preimages)
{
    private readonly HashSet<int> _steppedAgainst = [];
    private readonly List<string> _refusals = [];

    /// <summary>Why the contract refused its steps: the errors' names.</summary>
    public IReadOnlyList<string> Refusals => _refusals;

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
                await TryStepAsync(game, step, cancellation).ConfigureAwait(false);
            }
        }

        return moves;
    }

    private async Task TryStepAsync(Game game, IntendedStep step, CancellationToken cancellation)
    {
        IReadOnlyList<CallRequest> loads = await preimages
            .PlanAsync(client, game, step, cancellation)
            .ConfigureAwait(false);
        foreach (CallRequest load in loads)
        {
            _ = await client.SendAsync(load, cancellation).ConfigureAwait(false);
        }

        try
        {
            _ = await client
                .StepAsync(step.Against.Index, step.IsAttack, step.Data, cancellation)
                .ConfigureAwait(false);
        }
        catch (RevertedException error)
        {
            _refusals.Add(error.Reason.Name ?? "");
            return;
        }

        throw new ChainException(
            ChainFailure.BadAnswer, $"The contract took a liar's step against {step.Against}.");
    }
}
