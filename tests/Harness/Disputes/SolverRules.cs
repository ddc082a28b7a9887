using System.Linq;
using Culverin.Harness.Chain;
using Culverin.Harness.Disputes;
using Xunit;

namespace Culverin.Harness.Tests.Disputes;

/// <summary>The ten rules that every action of an honest player keeps, whatever it is up against.</summary>
internal sealed class SolverRules(ToyWorld world, SimulatedGame game, GameRules rules, Address honest)
{
    internal void Check(IntendedAction action, string label)
    {
        Claim against = action.Against;
        bool isStep = action is IntendedStep;
        Assert.True(game.Claims.ElementAtOrDefault(against.Index) == against, $"{label}: parentMustExist");
        Assert.True(!isStep || against.Position.Depth == rules.MaxDepth, $"{label}: onlyStepAtMaxDepth");
        Assert.True(isStep || against.Position.Depth < rules.MaxDepth, $"{label}: onlyMoveBeforeMaxDepth");
        Assert.True(action.IsAttack || !against.IsRoot, $"{label}: doNotDefendRootClaim");
        Assert.True(against.Claimant != honest, $"{label}: doNotCounterSelf");
        if (action is IntendedMove move)
        {
            Assert.True(
                game.Claims.All(claim => claim.ParentIndex != against.Index
                    || claim.Position != move.Position
                    || claim.Value != move.Value),
                $"{label}: doNotDuplicateExistingMoves");
            Assert.True(IsPrestateRight(against, action.IsAttack), $"{label}: avoidPoisonedPrestate");
            Assert.Equal(rules.Bonds[move.Position.Depth], move.Cost);
        }
        else
        {
            Assert.True(against.CounteredBy is null, $"{label}: doNotStepAlreadyCounteredClaims");
            Assert.True(IsPrestateRight(against, action.IsAttack), $"{label}: detectPoisonedStepPrestate");
        }
    }

    // Whoever plays an action gets it accepted: a step that fails is the tenth rule.
    internal void Play(IntendedAction action, string label)
    {
        Check(action, label);
        string? error = action switch
        {
            IntendedStep step =>
                game.Step(step.Against.Index, step.IsAttack, step.Data.Prestate.Span, honest),
            IntendedMove move =>
                game.Move(move.Against.Index, move.Value, move.IsAttack, honest, move.Cost),
            _ => "no such action",
        };
        Assert.True(error is null, $"{label}: detectFailedStep, or a move refused: {error}");
    }

    // Finds the claim one leaf before all that is disputed by walking up; positions are even numbers, so
    // that no two claims above each other end at the same leaf.
    private bool IsPrestateRight(Claim against, bool isAttack)
    {
        bool isOutput = against.Position.Depth <= rules.SplitDepth;
        int depth = isOutput ? rules.SplitDepth : rules.MaxDepth;
        int shift = depth - against.Position.Depth;
        System.UInt128 first = (against.Position.GeneralizedIndex + (isAttack ? 0u : 1u)) << shift;
        for (Claim? claim = against; claim is not null; claim = ParentOf(claim))
        {
            bool isSameTree = claim.Position.Depth <= rules.SplitDepth == isOutput;
            if (isSameTree && claim.Position.RightIndex(depth).GeneralizedIndex == first - 1)
            {
                return claim.Value == RightValue(claim);
            }
        }

        // Nothing before: the trace begins here, with what the dispute starts from.
        return isOutput || world.IsSound(game.DisputeAround(against.Index));
    }

    private Bytes32 RightValue(Claim claim)
    {
        if (claim.Position.Depth <= rules.SplitDepth)
        {
            return world.OutputAt(claim.Position);
        }

        System.UInt128 leaf =
            claim.Position.RelativeTo(rules.SplitDepth + 1).TraceIndex(rules.ExecutionDepth);
        return world.StateAt(game.DisputeAround(claim.Index), (ulong)leaf + 1);
    }

    private Claim? ParentOf(Claim claim) =>
        claim.ParentIndex is { } parent ? game.Claims[parent] : null;
}
