using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>What a new game is about; the factory takes each proposal once.</summary>
/// <param name="GameType">The kind of game, as the factory knows it.</param>
/// <param name="Root">The claimed output root.</param>
/// <param name="BlockNumber">The L2 block that it is claimed for.</param>
public sealed record GameProposal(uint GameType, Bytes32 Root, ulong BlockNumber)
{
    /// <summary>The arguments of the factory's functions; the extra data is the number as a word.</summary>
    internal AbiValue[] Arguments =>
        [(ulong)GameType, Root, Bytes32.FromInteger(BlockNumber).ToArray()];
}
