using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Values;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>A proven step with the contract's verdict.</summary>
internal sealed record CheckedStep(ProvenStep Proven, StepOutcome Outcome)
{
    /// <summary>The hash after the step, as the engine has it.</summary>
    public Bytes32 EngineHash => new(Proven.Proof.PostHash);

    /// <summary>The hash after the step, as the contract has it; null when it reverted.</summary>
    public Bytes32? ContractHash => Outcome.PostHash;

    /// <summary>Whether both are equal.</summary>
    public bool Agrees => ContractHash == EngineHash;
}
