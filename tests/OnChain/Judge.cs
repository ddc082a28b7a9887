using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Tests;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>A step with our verdict on it, to be put before the contract.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Call">Witness and proofs.</param>
/// <param name="Expected">What our side says.</param>
internal sealed record JudgedStep(string Name, StepCall Call, Verdict Expected);

/// <summary>
/// Compares our verdicts with the contract's. They must be equal, except where a
/// <see cref="KnownDifference"/> tells exactly what each side must say.
/// </summary>
internal sealed class Judge(StepArena arena, ITestOutputHelper output)
{
    private const int ShownViolationsMax = 20;

    /// <summary>Compares many steps and returns how often each known difference was met.</summary>
    public async Task<Dictionary<DifferenceKind, int>> CompareAsync(IReadOnlyList<JudgedStep> steps)
    {
        IReadOnlyList<StepOutcome> outcomes = await arena.StepManyAsync([.. steps.Select(step => step.Call)]);
        Dictionary<DifferenceKind, int> differences = [];
        List<string> violations = [];
        for (int index = 0; index < steps.Count; index++)
        {
            JudgedStep step = steps[index];
            StepOutcome outcome = outcomes[index];
            KnownDifference? difference = DifferenceOf(step);
            if (difference is not null)
            {
                differences[difference.Kind] = differences.GetValueOrDefault(difference.Kind) + 1;
            }

            bool isRight = difference is null
                ? step.Expected.Agrees(outcome)
                : step.Expected.Hash == difference.EngineHash && outcome.PostHash == difference.ContractHash;
            if (!isRight)
            {
                violations.Add($"{step.Name}, instruction 0x{InstructionOf(step):x8} "
                    + $"({difference?.Kind.ToString() ?? "no known difference"}): "
                    + $"we say {step.Expected}, the contract {Verdict.Describe(outcome)}");
            }
        }

        output.WriteLine($"{steps.Count} steps, {outcomes.Count(outcome => outcome.IsAccepted)} accepted; "
            + $"known differences: {string.Join(", ", differences)}");
        string firstViolations = string.Join('\n', violations.Take(ShownViolationsMax));
        Assert.True(violations.Count == 0, $"{violations.Count} violations:\n{firstViolations}");
        return differences;
    }

    private static uint InstructionOf(JudgedStep step) => InstructionWord.InProof(
        new MachineWitness(step.Call.StateData.Span), step.Call.ProofData.ToArray());

    // A step whose proofs do not fit, or that panics, is refused by both sides before they could differ.
    private static KnownDifference? DifferenceOf(JudgedStep step) =>
        step.Expected.Refusal is null or ErrorCode.InvalidProof
            ? KnownDifference.Find(new MachineWitness(step.Call.StateData.Span), InstructionOf(step))
            : null;
}
