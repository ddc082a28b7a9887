using Culverin.Harness.Contracts;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

/// <summary>What a new game is about; the factory takes each proposal once.</summary>
/// <param name="GameType">The kind of game, as the factory knows it.</param>
/// <param name="Root">The claimed output root.</param>
/// <param name="BlockNumber">The L2 block that it is claimed for.</param>
public sealed record GameProposal(uint GameType, Bytes32 Root, ulong BlockNumber)
{
    /// <summary>The factory's call that makes the game; the extra data is the number as a word.</summary>
    internal DisputeGameFactory.CreateFunction Creation => new()
    {
        GameType = GameType,
        RootClaim = Root,
        ExtraData = Bytes32.FromInteger(BlockNumber).ToArray(),
    };
}
