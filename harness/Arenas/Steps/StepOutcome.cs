using Culverin.Harness.Abi;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas.Steps;

/// <summary>
/// The contract's verdict on a step: the hash of the state after it, or the reason of the revert.
/// </summary>
public sealed record StepOutcome
{
    /// <summary>The hash after the step; null when the contract reverted.</summary>
    public Bytes32? PostHash { get; init; }

    /// <summary>Why the contract reverted; null when it accepted the step.</summary>
    public RevertReason? Revert { get; init; }

    /// <summary>Gas that the step took as a transaction; null when it was only called.</summary>
    public ulong? GasUsed { get; init; }

    /// <summary>
    /// The witness of the state after the step, as the contract logged it in a transaction; else empty.
    /// </summary>
    public ReadOnlyMemory<byte> PostWitness { get; init; }

    /// <summary>Whether the contract accepted the step.</summary>
    public bool IsAccepted => PostHash is not null;
}
