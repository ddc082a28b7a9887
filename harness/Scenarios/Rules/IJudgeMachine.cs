using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rollup;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>
/// Runs of the machine that decides a game, made for the judge alone, without the player's traces.
/// </summary>
public interface IJudgeMachine
{
    /// <summary>The states after some steps, in the order that is asked for.</summary>
    /// <param name="game">The game.</param>
    /// <param name="run">What the run is about.</param>
    /// <param name="steps">How many steps, in ascending order.</param>
    /// <param name="cancellation">Ends the run.</param>
    Task<IReadOnlyList<Bytes32>> StatesAsync(
        Game game, JudgedRun run, IReadOnlyList<UInt128> steps, CancellationToken cancellation);
}

/// <summary>What a run of the machine is about, as the contract tells it.</summary>
/// <param name="Agreed">The right output that it starts from.</param>
/// <param name="Disputed">The output that is disputed.</param>
/// <param name="Block">The L2 block that this is claimed for.</param>
public sealed record JudgedRun(OutputRoot Agreed, Bytes32 Disputed, ulong Block);
