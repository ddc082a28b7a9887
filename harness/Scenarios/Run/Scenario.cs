using Culverin.Harness.Arenas;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>
/// Something that happens to a rollup, and how it must end. Its body starts from an arena's beginning and
/// may do anything there; a new scenario is one more of these in <c>ScenarioCatalog</c>.
/// </summary>
public sealed record Scenario
{
    /// <summary>What it is called by: letters and digits, and hyphens in longer names.</summary>
    public required string Id { get; init; }

    /// <summary>What happens, in a few words.</summary>
    public required string Title { get; init; }

    /// <summary>What is shown by it, in one sentence.</summary>
    public required string Proves { get; init; }

    /// <summary>The ways in which it is played, each by itself.</summary>
    public IReadOnlyList<ScenarioVariant> Variants { get; init; } = ScenarioVariant.Only;

    /// <summary>
    /// The arena's parameters. Variants with equal ones share an arena, so equal ones are worth while.
    /// </summary>
    public Func<ScenarioVariant, ArenaOptions> Options { get; init; } = _ => ArenaChains.Usual;

    /// <summary>
    /// What happens. Runs on an arena of its own; says by <see cref="ScenarioRun.Expect"/> what must be so.
    /// </summary>
    public required Func<ScenarioRun, Task> Body { get; init; }

    /// <summary>The longest that one variant may take, the arena's start included.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(3);
}
