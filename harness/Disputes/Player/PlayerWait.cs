namespace Culverin.Harness.Disputes.Player;

/// <summary>What a player waits for.</summary>
/// <param name="ClaimIndex">The claim that it is about; null when it is about the whole game.</param>
/// <param name="Reason">Why, in one sentence for a person.</param>
/// <param name="Until">The time of the L1 block that ends the wait, in seconds; null when unknown.</param>
public sealed record PlayerWait(int? ClaimIndex, string Reason, ulong? Until = null);
