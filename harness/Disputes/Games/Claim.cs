using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>One claim of a game, as it was at one block.</summary>
public sealed record Claim
{
    /// <summary>Its place in the game's list; a claim's parent has a smaller one.</summary>
    public required int Index { get; init; }

    /// <summary>The claim it argues with; null for the root claim.</summary>
    public required int? ParentIndex { get; init; }

    /// <summary>Its position in the tree.</summary>
    public required Position Position { get; init; }

    /// <summary>What is claimed: an output root down to the split depth, a state hash below it.</summary>
    public required Bytes32 Value { get; init; }

    /// <summary>Who claims, and put up the bond.</summary>
    public required Address Claimant { get; init; }

    /// <summary>The bond in wei.</summary>
    public BigInteger Bond { get; init; }

    /// <summary>Who refuted it by a step, or at its resolution; null while nobody has.</summary>
    public Address? CounteredBy { get; init; }

    /// <summary>Its clock.</summary>
    public GameClock Clock { get; init; }

    /// <summary>Whether the game under it is resolved.</summary>
    public bool IsResolved { get; init; }

    /// <summary>True for the claim that the game is about.</summary>
    public bool IsRoot => ParentIndex is null;

    /// <summary>Number, position and value.</summary>
    public override string ToString() => $"claim {Index} at {Position}: {Value}";
}
