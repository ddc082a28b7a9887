namespace Culverin.Harness.Disputes.Games;

/// <summary>A claim's chess clock.</summary>
/// <param name="DurationSeconds">What the claim's side had used when it was made.</param>
/// <param name="TimestampSeconds">When the claim was made, in seconds since 1970.</param>
public readonly record struct GameClock(ulong DurationSeconds, ulong TimestampSeconds);
