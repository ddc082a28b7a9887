using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Stories;

/// <summary>
/// What happened on two chains, told for people: a timeline, the withdrawals, the games, and whether all
/// went as it had to. Does not change.
/// </summary>
public sealed record Story
{
    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The whole in a few sentences.</summary>
    public required string Summary { get; init; }

    /// <summary>Who takes part.</summary>
    public required IReadOnlyList<Actor> Actors { get; init; }

    /// <summary>The events in the order in which they are told.</summary>
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }

    /// <summary>The withdrawals.</summary>
    public required IReadOnlyList<WithdrawalStory> Withdrawals { get; init; }

    /// <summary>The games, in the order of their creation.</summary>
    public required IReadOnlyList<GameStory> Games { get; init; }

    /// <summary>What had to be so.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>The few numbers that tell most of it.</summary>
    public IReadOnlyList<StoryFact> Figures { get; init; } = [];

    /// <summary>Parameters and other numbers.</summary>
    public IReadOnlyList<StoryFact> Facts { get; init; } = [];

    /// <summary>Whether every expectation held, of which there is at least one.</summary>
    public bool Held => Expectations.Count > 0 && Expectations.All(expectation => expectation.Held);

    /// <summary>Who has an address; null when nobody of the story has.</summary>
    public Actor? FindActor(Address address) => Actors.FirstOrDefault(actor => actor.Address == address);

    /// <summary>Who has a name; null when nobody of the story has.</summary>
    public Actor? FindActor(string name) => Actors.FirstOrDefault(actor => actor.Name == name);
}
