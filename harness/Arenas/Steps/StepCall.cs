using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Steps;

/// <summary>
/// The arguments of the contract's step: the state witness, the proof data, and the context of local
/// pre-images. Sizes are not checked here: what the contract makes of other sizes is the contract's to say.
/// </summary>
public sealed record StepCall(ReadOnlyMemory<byte> StateData, ReadOnlyMemory<byte> ProofData)
{
    /// <summary>The context that local keys are hashed with; zero by default.</summary>
    public Bytes32 LocalContext { get; init; }
}
