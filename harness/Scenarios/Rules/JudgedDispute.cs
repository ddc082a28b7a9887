using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rules;

/// <summary>
/// Where a claim below the split belongs, as the judge finds it: by the generalized indexes alone, so that it
/// does not err where the player's code does. Index 2^d + i is the i-th node of depth d; a claim is about the
/// right-most leaf under its node.
/// </summary>
/// <param name="Starting">The claim that the dispute starts from; null for where the game begins.</param>
/// <param name="Disputed">The claim that is disputed.</param>
/// <param name="StartingLeaf">The leaf above the split that is agreed; -1 for the game's start.</param>
/// <param name="TraceIndex">Which state of the run the claim is about, counted from 0.</param>
internal sealed record JudgedDispute(Claim? Starting, Claim Disputed, long StartingLeaf, UInt128 TraceIndex)
{
    /// <summary>The leaf above the split that is disputed.</summary>
    internal long DisputedLeaf => StartingLeaf + 1;

    /// <summary>Finds it; the claim must be below the split.</summary>
    internal static JudgedDispute Of(Game game, Claim claim)
    {
        int split = game.Rules.SplitDepth;
        Claim top = claim;
        while (DepthOf(top) > split + 1)
        {
            top = game.Claims[top.ParentIndex!.Value];
        }

        Claim leaf = game.Claims[top.ParentIndex!.Value];
        UInt128 first = UInt128.One << split;
        bool isDefence = IndexOf(top) != 2 * IndexOf(leaf);
        UInt128 disputed = IndexOf(leaf) + (isDefence ? 1u : 0u);
        return new JudgedDispute(
            disputed == first ? null : Above(game, leaf, disputed - 1, split),
            Above(game, leaf, disputed, split)
                ?? throw new ChainException(ChainFailure.Abi, $"Nothing is disputed around {claim}."),
            (long)(disputed - first) - 1,
            TraceIndexOf(game, top, claim));
    }

    /// <summary>The leaf above the split that a claim at or above it is about.</summary>
    internal static long LeafOf(Game game, Claim claim) =>
        (long)(RightMost(claim, game.Rules.SplitDepth) - (UInt128.One << game.Rules.SplitDepth));

    // As counted from the left edge of the tree under the first claim below the split.
    private static UInt128 TraceIndexOf(Game game, Claim top, Claim claim)
    {
        int levels = game.Rules.MaxDepth - DepthOf(top);
        return RightMost(claim, game.Rules.MaxDepth) - (IndexOf(top) << levels);
    }

    private static Claim? Above(Game game, Claim from, UInt128 leaf, int split)
    {
        Claim? claim = from;
        while (claim is not null && RightMost(claim, split) != leaf)
        {
            claim = claim.ParentIndex is { } parent ? game.Claims[parent] : null;
        }

        return claim;
    }

    private static UInt128 RightMost(Claim claim, int depth) =>
        ((IndexOf(claim) + 1) << (depth - DepthOf(claim))) - 1;

    private static UInt128 IndexOf(Claim claim) => claim.Position.GeneralizedIndex;

    private static int DepthOf(Claim claim)
    {
        int depth = 0;
        for (UInt128 index = IndexOf(claim); index > 1; index >>= 1)
        {
            depth++;
        }

        return depth;
    }
}
