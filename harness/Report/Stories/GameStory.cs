using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Stories;

/// <summary>One dispute game and what became of it.</summary>
public sealed record GameStory
{
    /// <summary>What a reader knows it by.</summary>
    public required string Name { get; init; }

    /// <summary>The game's contract.</summary>
    public required Address Address { get; init; }

    /// <summary>When it was created, in seconds since 1970.</summary>
    public required ulong CreatedAt { get; init; }

    /// <summary>The game as it was in the end.</summary>
    public required Game Game { get; init; }

    /// <summary>
    /// For each claim whether it is right, by a trace that does not depend on any player; null where it is
    /// not known. Empty, or as many as the game has claims.
    /// </summary>
    public IReadOnlyList<bool?> Truths { get; init; } = [];

    /// <summary>The transaction that made each claim; empty, or as many as the game has claims.</summary>
    public IReadOnlyList<TransactionFacts> Transactions { get; init; } = [];

    /// <summary>The step that settled it; null when none was needed.</summary>
    public StepStory? Step { get; init; }

    /// <summary>Wei that each account put up as bonds.</summary>
    public IReadOnlyDictionary<Address, BigInteger> Deposits { get; init; } =
        new Dictionary<Address, BigInteger>();

    /// <summary>Wei that each account was paid from the bonds.</summary>
    public IReadOnlyDictionary<Address, BigInteger> Payments { get; init; } =
        new Dictionary<Address, BigInteger>();
}
