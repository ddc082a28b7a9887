using Culverin.Harness.Values;


namespace Culverin.Harness.Withdrawals.Status;

/// <summary>What the portal keeps of a proof.</summary>
/// <param name="Prover">Whose it is.</param>
/// <param name="ProvenAt">When it was made.</param>
/// <param name="Game">The address of the game that it was made on.</param>
internal readonly record struct ProofEntry(Address Prover, ulong ProvenAt, Address Game);
