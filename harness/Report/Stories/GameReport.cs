using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Stories;

/// <summary>A <see cref="GameStory"/> as it stands in JSON; bonds by account, in wei.</summary>
internal sealed record GameReport(
    string Name,
    string Address,
    ulong CreatedAt,
    string Status,
    ulong ClaimedBlock,
    ulong StartingBlock,
    int MaxDepth,
    int SplitDepth,
    IEnumerable<ClaimReport> Claims,
    StepReport? Step,
    IReadOnlyDictionary<string, string> Deposits,
    IReadOnlyDictionary<string, string> Payments)
{
    /// <summary>Tells a game.</summary>
    public static GameReport Of(GameStory told) => new(
        told.Name,
        told.Address.ToString(),
        told.CreatedAt,
        told.Game.Status.ToString(),
        told.Game.ClaimedBlock,
        told.Game.StartingBlock,
        told.Game.Rules.MaxDepth,
        told.Game.Rules.SplitDepth,
        told.Game.Claims.Select(claim => ClaimReport.Of(told, claim)),
        told.Step is { } step ? StepReport.Of(step) : null,
        Ledger(told.Deposits),
        Ledger(told.Payments));

    private static Dictionary<string, string> Ledger(IReadOnlyDictionary<Address, BigInteger> amounts) =>
        amounts.ToDictionary(entry => entry.Key.ToString(), entry => JsonReport.Digits(entry.Value));
}

/// <summary>A claim of a game, and what is known of it besides.</summary>
internal sealed record ClaimReport(
    int Index,
    int? Parent,
    string Position,
    int Depth,
    string TraceIndex,
    string Value,
    bool? IsRight,
    string Claimant,
    string BondWei,
    ulong ClockSeconds,
    ulong Timestamp,
    string? CounteredBy,
    bool IsResolved,
    string? Transaction,
    ulong? Gas)
{
    /// <summary>Tells a claim.</summary>
    public static ClaimReport Of(GameStory told, Claim claim)
    {
        TransactionFacts? sent = told.Transactions.ElementAtOrDefault(claim.Index);
        return new ClaimReport(
            claim.Index,
            claim.ParentIndex,
            JsonReport.Digits(claim.Position.GeneralizedIndex),
            claim.Position.Depth,
            JsonReport.Digits(claim.Position.TraceIndex(told.Game.Rules.MaxDepth)),
            claim.Value.ToString(),
            told.Truths.ElementAtOrDefault(claim.Index),
            claim.Claimant.ToString(),
            JsonReport.Digits(claim.Bond),
            claim.Clock.DurationSeconds,
            claim.Clock.TimestampSeconds,
            claim.CounteredBy?.ToString(),
            claim.IsResolved,
            sent?.Hash.ToString(),
            sent?.Gas);
    }
}

/// <summary>A <see cref="StepStory"/>.</summary>
internal sealed record StepReport(
    string Actor,
    int Claim,
    bool IsAttack,
    ulong Step,
    ulong RunSteps,
    string Instruction,
    string Before,
    string After,
    string Claimed,
    string? Preimage,
    string Transaction,
    ulong Gas)
{
    /// <summary>Tells a step.</summary>
    public static StepReport Of(StepStory step) => new(
        step.Actor,
        step.ClaimIndex,
        step.IsAttack,
        step.StepNumber,
        step.RunSteps,
        step.Instruction,
        step.Before.ToString(),
        step.After.ToString(),
        step.Claimed.ToString(),
        step.Preimage,
        step.Transaction.Hash.ToString(),
        step.Transaction.Gas);
}
