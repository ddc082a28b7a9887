using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Withdrawals.Status;

/// <summary>What a game and the portal say about that game at one block.</summary>
internal sealed record GameFacts
{
    /// <summary>Its address.</summary>
    public required Address Address { get; init; }

    /// <summary>Its type.</summary>
    public required uint Type { get; init; }

    /// <summary>How it stands.</summary>
    public required GameStatus Status { get; init; }

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

    /// <summary>
    /// Whether its type was the respected one when it was created; null for games that do not keep that.
    /// </summary>
    public bool? WasRespected { get; init; }

    /// <summary>
    /// Whether the registry takes it for retired; null where there is no registry that decides.
    /// </summary>
    public bool? IsRetired { get; init; }

    /// <summary>Whether it is one of the factory and registry that count now.</summary>
    public bool IsRegistered { get; init; } = true;

    /// <summary>Whether the root was refuted.</summary>
    public bool IsLost => Status == GameStatus.ChallengerWins;

    /// <summary>Whether the root stands.</summary>
    public bool IsWon => Status == GameStatus.DefenderWins;
}
