using Culverin.Harness.Values;


namespace Culverin.Harness.Withdrawals.Status;

/// <summary>A proof that the portal has.</summary>
/// <param name="Prover">Whose it is.</param>
/// <param name="ProvenAt">When it was made.</param>
/// <param name="Game">The game it was made on.</param>
internal sealed record ProofFacts(Address Prover, ulong ProvenAt, GameFacts Game);
