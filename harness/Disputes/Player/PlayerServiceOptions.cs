using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>Which games a <see cref="PlayerService"/> plays, and how.</summary>
public sealed record PlayerServiceOptions
{
    /// <summary>What each player does and demands.</summary>
    public PlayerOptions Player { get; init; } = new();

    /// <summary>The only game to be played; null for all.</summary>
    public Address? OnlyGame { get; init; }

    /// <summary>Games of L1 blocks before this one are left alone.</summary>
    public ulong FromBlock { get; init; }

    /// <summary>The chain id that L1 must have; null for whatever the first node says.</summary>
    public ulong? L1ChainId { get; init; }

    /// <summary>How many games are played at the same time at most.</summary>
    public int ParallelCountMax { get; init; } = 4;

    /// <summary>The wait between two looks at L1 while nothing happens.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often in a row a newest L1 block that is older than one seen before is not believed; after that
    /// it is taken for a reorganisation.
    /// </summary>
    public int OlderHeadPatience { get; init; } = 3;
}
