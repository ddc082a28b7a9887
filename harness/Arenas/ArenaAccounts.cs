namespace Culverin.Harness.Arenas;

/// <summary>The accounts of an arena, each with ether on both chains.</summary>
public sealed class ArenaAccounts
{
    /// <summary>How many owners the Security Council has.</summary>
    public const int CouncilCount = 4;

    /// <summary>Deploys the contracts and owns what has an owner.</summary>
    public ArenaAccount Owner { get; } = new("owner");

    /// <summary>The owners of the Security Council.</summary>
    public IReadOnlyList<ArenaAccount> Council { get; } =
        [.. Enumerable.Range(1, CouncilCount).Select(number => new ArenaAccount($"council {number}"))];

    /// <summary>May act for the guardian, through the deputy guardian module.</summary>
    public ArenaAccount Deputy { get; } = new("deputy");

    /// <summary>The proposer that permissioned games know.</summary>
    public ArenaAccount Proposer { get; } = new("proposer");

    /// <summary>The challenger that permissioned games know.</summary>
    public ArenaAccount Challenger { get; } = new("challenger");

    /// <summary>Posts L2 blocks to L1.</summary>
    public ArenaAccount Batcher { get; } = new("batcher");

    /// <summary>Signs L2 blocks that are not on L1 yet.</summary>
    public ArenaAccount Sequencer { get; } = new("sequencer");

    /// <summary>Withdraws honestly.</summary>
    public ArenaAccount User { get; } = new("user");

    /// <summary>A second user, for whoever acts for another.</summary>
    public ArenaAccount Helper { get; } = new("helper");

    /// <summary>Proposes and moves dishonestly.</summary>
    public ArenaAccount Thief { get; } = new("thief");

    /// <summary>Moves in games for profit, be it right or wrong.</summary>
    public ArenaAccount Freeloader { get; } = new("freeloader");

    /// <summary>All of them.</summary>
    public IReadOnlyList<ArenaAccount> All =>
    [
        Owner, .. Council, Deputy, Proposer, Challenger, Batcher, Sequencer, User, Helper, Thief, Freeloader,
    ];
}
