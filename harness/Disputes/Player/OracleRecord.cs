using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>What was done in one round about the proposals of large pre-images to one oracle.</summary>
public sealed record OracleRecord
{
    /// <summary>The oracle.</summary>
    public required Address Address { get; init; }

    /// <summary>The L1 block as of which it was read.</summary>
    public required Block L1Block { get; init; }

    /// <summary>How many proposals it has, old ones included.</summary>
    public int ProposalCount { get; init; }

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<PlayerAction> Actions { get; init; } = [];

    /// <summary>What has to be done, but was not: in a dry run, or for want of money.</summary>
    public IReadOnlyList<PlayerIntent> Intents { get; init; } = [];

    /// <summary>What it waits for.</summary>
    public IReadOnlyList<PlayerWait> Waits { get; init; } = [];

    /// <summary>Proposals that could not be checked, and the like.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What ended the round early, in a sentence; null when nothing did.</summary>
    public string? Failure { get; init; }
}
