using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>A transaction that a player sent and that is in a block.</summary>
/// <param name="Intent">What it was sent for.</param>
/// <param name="Receipt">What became of it.</param>
public sealed record PlayerDeed(PlayerIntent Intent, TransactionReceipt Receipt);
