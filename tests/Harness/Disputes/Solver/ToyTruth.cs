using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Disputes.Solver;

/// <summary>What is right in a game of the toy world, by the second reading of the contract.</summary>
internal sealed class ToyTruth(ToyWorld world, SimulatedGame simulated, GameRules rules) : ISolverTruth
{
    public Task<bool> IsRightAsync(Game game, Claim claim, CancellationToken cancellation) =>
        Task.FromResult(claim.Value == RightValue(claim));

    public Task<bool> IsSoundAsync(Game game, Claim claim, CancellationToken cancellation) =>
        Task.FromResult(world.IsSound(simulated.DisputeAround(claim.Index)));

    private Bytes32 RightValue(Claim claim)
    {
        if (claim.Position.Depth <= rules.SplitDepth)
        {
            return world.OutputAt(claim.Position);
        }

        UInt128 leaf = claim.Position.RelativeTo(rules.SplitDepth + 1).TraceIndex(rules.ExecutionDepth);
        return world.StateAt(simulated.DisputeAround(claim.Index), (ulong)leaf + 1);
    }
}
