using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Rpc;

namespace Culverin.Harness.Disputes.Preimages;

/// <summary>Knows how the oracle gets what a step reads. May be used from several threads at once.</summary>
public interface IPreimageLoader
{
    /// <summary>
    /// The transactions, in order, after which the oracle holds what a step reads; none when it holds it
    /// already, whoever put it there. Throws <see cref="PreimageWaitException"/> while time has to pass, and
    /// <see cref="CulverinException"/> when there is no way.
    /// </summary>
    /// <param name="client">The account that loads, and the game.</param>
    /// <param name="game">The game as it is.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task<IReadOnlyList<CallRequest>> PlanAsync(
        GameClient client, Game game, IntendedStep step, CancellationToken cancellation = default);
}
