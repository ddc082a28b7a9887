namespace Culverin.Harness.Report.Stories;

/// <summary>A <see cref="Story"/> as it stands in JSON; times are seconds since 1970.</summary>
internal sealed record StoryReport(
    string Title,
    string Summary,
    bool Held,
    IReadOnlyList<Expectation> Expectations,
    IEnumerable<StoryFact> Facts,
    IEnumerable<ActorReport> Actors,
    IEnumerable<TimelineReport> Timeline,
    IEnumerable<WithdrawalReport> Withdrawals,
    IEnumerable<GameReport> Games) : JsonReport
{
    /// <summary>Tells a story.</summary>
    public static StoryReport Of(Story story) => new(
        story.Title,
        story.Summary,
        story.Held,
        story.Expectations,
        [.. story.Figures, .. story.Facts],
        story.Actors.Select(actor =>
            new ActorReport(actor.Name, actor.Address.ToString(), actor.Role.ToString())),
        story.Timeline.Select(TimelineReport.Of),
        story.Withdrawals.Select(WithdrawalReport.Of),
        story.Games.Select(GameReport.Of));
}

/// <summary>An <see cref="Actor"/>.</summary>
internal sealed record ActorReport(string Name, string Address, string Role);

/// <summary>A <see cref="TimelineEntry"/>.</summary>
internal sealed record TimelineReport(
    string Chapter,
    string Chain,
    ulong? Block,
    ulong Timestamp,
    string Actor,
    string Kind,
    string Text,
    string? Detail,
    string? Transaction,
    ulong? Gas,
    string? AmountWei)
{
    /// <summary>Tells an entry.</summary>
    public static TimelineReport Of(TimelineEntry entry) => new(
        entry.Chapter,
        entry.Chain.ToString(),
        entry.BlockNumber,
        entry.TimestampSeconds,
        entry.Actor,
        entry.Kind.ToString(),
        entry.Text,
        entry.Detail,
        entry.Transaction?.ToString(),
        entry.Gas,
        JsonReport.Digits(entry.AmountWei));
}

/// <summary>A <see cref="WithdrawalStory"/>.</summary>
internal sealed record WithdrawalReport(
    string Name,
    string Actor,
    string Hash,
    string AmountWei,
    ulong L2Block,
    string End,
    string Money,
    string EndText,
    IEnumerable<MilestoneReport> Milestones)
{
    /// <summary>Tells a withdrawal.</summary>
    public static WithdrawalReport Of(WithdrawalStory withdrawal) => new(
        withdrawal.Name,
        withdrawal.Actor,
        withdrawal.Hash.ToString(),
        JsonReport.Digits(withdrawal.AmountWei),
        withdrawal.BlockNumber,
        withdrawal.End.ToString(),
        withdrawal.Money.ToString(),
        withdrawal.EndText,
        withdrawal.Milestones.Select(milestone =>
            new MilestoneReport(milestone.Name, milestone.TimestampSeconds, milestone.Text)));
}

/// <summary>A <see cref="Milestone"/>.</summary>
internal sealed record MilestoneReport(string Name, ulong Timestamp, string Text);
