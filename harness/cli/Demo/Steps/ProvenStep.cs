using Culverin.Prove;

namespace Culverin.Harness.Cli.Demo.Steps;

/// <summary>A step chosen to be shown, with its proof.</summary>
/// <param name="What">Why it was chosen: "first step", "load".</param>
/// <param name="Instruction">Mnemonic, or name of the system call.</param>
/// <param name="Proof">Its proof.</param>
internal sealed record ProvenStep(string What, string Instruction, StepProof Proof);
