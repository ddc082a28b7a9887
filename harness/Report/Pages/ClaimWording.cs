using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;

namespace Culverin.Harness.Report.Pages;

/// <summary>Says in plain words what a claim of a game is about.</summary>
public static class ClaimWording
{
    /// <summary>What the move is: an attack of a claim, its defence, or the proposal.</summary>
    public static string Move(Game game, Claim claim) => game.ParentOf(claim) is { } parent
        ? $"{(claim.Position == parent.Position.Attack() ? "attacks" : "defends")} {parent.Index}"
        : "proposes";

    /// <summary>What the claim is about: the state after a block, or after a step of the program.</summary>
    public static string Place(Game game, Claim claim)
    {
        if (game.IsOutput(claim))
        {
            ulong block = claim.IsRoot
                ? game.ClaimedBlock
                : OutputTrace.BlockAt(game, claim.Position.TraceIndex(game.Rules.SplitDepth));
            string end = block > game.ClaimedBlock ? $" (>{Wording.Number(game.ClaimedBlock)})" : "";
            return $"block {Wording.Number(block)}{end}";
        }

        UInt128 index = claim.Position
            .RelativeTo(game.Rules.SplitDepth + 1)
            .TraceIndex(game.Rules.ExecutionDepth);
        return $"step {Wording.Number((BigInteger)index + 1)}";
    }
}
