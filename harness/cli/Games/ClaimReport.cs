using System.Globalization;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Solver;

namespace Culverin.Harness.Cli.Games;

/// <summary>A claim of a game, its clock and what is known of it.</summary>
internal sealed record ClaimReport(
    int Claim,
    int? Parent,
    int Depth,
    string IndexAtDepth,
    string Position,
    string Value,
    string Claimant,
    string BondWei,
    string? CounteredBy,
    bool IsResolved,
    ulong MadeAt,
    ulong ClockSeconds,
    ulong OpponentSeconds,
    ulong ClockEndsAt,
    JudgementReport? Judgement)
{
    /// <summary>Tells a claim.</summary>
    public static ClaimReport Of(GameSummary summary, Claim claim) => new(
        claim.Index,
        claim.ParentIndex,
        claim.Position.Depth,
        $"{claim.Position.IndexAtDepth}",
        $"{claim.Position.GeneralizedIndex}",
        claim.Value.ToString(),
        claim.Claimant.ToString(),
        claim.Bond.ToString(CultureInfo.InvariantCulture),
        claim.CounteredBy?.ToString(),
        claim.IsResolved,
        claim.Clock.TimestampSeconds,
        claim.Clock.DurationSeconds,
        summary.Game.ChallengerSeconds(claim),
        summary.Game.ClockEnd(claim),
        JudgementReport.Of(summary.Judgements.GetValueOrDefault(claim.Index)));
}

/// <summary>What is known of a claim: valid, invalid or unknown, and what would be right.</summary>
internal sealed record JudgementReport(string Validity, string? Right, string Reason)
{
    /// <summary>Tells a judgement; null if there is none.</summary>
    public static JudgementReport? Of(Judgement? judgement) => judgement is null
        ? null
        : new JudgementReport(judgement.Validity.ToString(), judgement.Right?.ToString(), judgement.Reason);
}
