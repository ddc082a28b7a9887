using Culverin.Prove;

namespace Culverin.OnChain.Tests;

/// <summary>A proven step and what it stands for: "lw +2", "beq taken", "syscall 4003(5)".</summary>
internal sealed record SampledStep(string Class, StepProof Proof);
