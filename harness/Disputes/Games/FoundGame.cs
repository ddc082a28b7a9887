using Culverin.Harness.Values;


namespace Culverin.Harness.Disputes.Games;

/// <summary>A game in the factory's list.</summary>
/// <param name="Index">Its place in the list.</param>
/// <param name="GameType">Its kind, which need not be known here.</param>
/// <param name="CreatedAt">The time of its block, in seconds since 1970.</param>
/// <param name="Address">The game.</param>
public sealed record FoundGame(ulong Index, uint GameType, ulong CreatedAt, Address Address);
