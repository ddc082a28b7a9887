using Culverin.Harness.Values;


namespace Culverin.Harness.Disputes.Player;

/// <summary>A transaction that a player sent and that is in a block.</summary>
/// <param name="Intent">What it was sent for.</param>
/// <param name="Receipt">What became of it.</param>
public sealed record PlayerAction(PlayerIntent Intent, TransactionReceipt Receipt);
