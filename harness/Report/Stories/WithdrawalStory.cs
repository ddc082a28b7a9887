using System.Numerics;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Report.Stories;

/// <summary>The life of one withdrawal.</summary>
public sealed record WithdrawalStory
{
    /// <summary>What a reader knows it by.</summary>
    public required string Name { get; init; }

    /// <summary>The name of whoever is to get the money.</summary>
    public required string Actor { get; init; }

    /// <summary>Its hash.</summary>
    public required Bytes32 Hash { get; init; }

    /// <summary>Wei.</summary>
    public required BigInteger AmountWei { get; init; }

    /// <summary>The L2 block that holds it.</summary>
    public required ulong BlockNumber { get; init; }

    /// <summary>Its stages, in the order of time.</summary>
    public required IReadOnlyList<Milestone> Milestones { get; init; }

    /// <summary>How it ended.</summary>
    public required WithdrawalEnd End { get; init; }

    /// <summary>Where the money is then.</summary>
    public MoneyPlace Money { get; init; }

    /// <summary>The same in one sentence, with the reason.</summary>
    public required string EndText { get; init; }
}
