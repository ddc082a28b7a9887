using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Solver;

/// <summary>
/// Decides what the honest side does in a game. Every claim of the honest side survives: it counters what
/// counters its claims, and freeloaders; it leaves alone what it does not know, what would start from a
/// state it does not believe in, and itself. Keeps nothing between calls.
/// </summary>
public sealed class HonestSolver
{
    private readonly GameTrace _trace;
    private readonly Address _self;

    /// <summary>Plays by a trace.</summary>
    /// <param name="trace">What is right.</param>
    /// <param name="self">The honest side's account, whose claims it never counters.</param>
    public HonestSolver(GameTrace trace, Address self)
    {
        _trace = trace;
        _self = self;
    }

    /// <summary>
    /// What to do in a game as it stands. What cannot be known is in the plan, not an exception.
    /// </summary>
    public Task<GamePlan> PlanAsync(Game game, CancellationToken cancellation = default) =>
        new PlanBuilder(game, _trace, _self).BuildAsync(cancellation);
}
