using System.Numerics;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Withdrawals;

/// <summary>What a game and the portal say about that game at one block.</summary>
internal sealed record GameFacts
{
    /// <summary>The value of a game's status that says its root was refuted.</summary>
    private const int ChallengerWins = 1;

    private const int DefenderWins = 2;

    /// <summary>Its address.</summary>
    public required Address Address { get; init; }

    /// <summary>Its type.</summary>
    public required uint Type { get; init; }

    /// <summary>Its status: 0 in progress, 1 the challenger won, 2 the defender did.</summary>
    public required int Status { get; init; }

    /// <summary>When it was created.</summary>
    public required ulong CreatedAt { get; init; }

    /// <summary>When it was resolved; 0 while it is not.</summary>
    public required ulong ResolvedAt { get; init; }

    /// <summary>The output root it claims.</summary>
    public required Bytes32 RootClaim { get; init; }

    /// <summary>The L2 block it claims; of any size, since anyone may claim anything.</summary>
    public required BigInteger BlockNumber { get; init; }

    /// <summary>Whether the guardian has blacklisted it.</summary>
    public required bool IsBlacklisted { get; init; }

    /// <summary>Whether the root was refuted.</summary>
    public bool IsLost => Status == ChallengerWins;

    /// <summary>Whether the root stands.</summary>
    public bool IsWon => Status == DefenderWins;
}
