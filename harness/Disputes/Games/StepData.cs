namespace Culverin.Harness.Disputes.Games;

/// <summary>All that the contract needs to execute one step of the virtual machine.</summary>
/// <param name="Prestate">The state witness before the step.</param>
/// <param name="Proof">Memory proofs, as the virtual machine's contract takes them.</param>
/// <param name="Preimage">What the step reads from the oracle; null when it reads nothing.</param>
public sealed record StepData(
    ReadOnlyMemory<byte> Prestate, ReadOnlyMemory<byte> Proof, PreimageNeed? Preimage);
