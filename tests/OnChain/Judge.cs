using Culverin.Harness.Arenas.Steps;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>A step with our verdict on it, to be put before the contract.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Call">Witness and proofs.</param>
/// <param name="Expected">What our side says.</param>
internal sealed record JudgedStep(string Name, StepCall Call, Verdict Expected)
{
    /// <summary>The engine's witness after the step; null where it is not at hand.</summary>
    public byte[]? After { get; init; }
}

/// <summary>
/// Compares our verdicts with a contract's. They must be the same, except where
/// <see cref="KnownDifferences"/> tells exactly what each side must say.
/// </summary>
internal sealed class Judge(DeployedContract contract, StepArena arena, ITestOutputHelper output)
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
                ? step.Expected.Agrees(contract, outcome)
                : step.Expected.Hash == difference.EngineHash
                    && outcome.PostHash == difference.ContractHash
                    && difference.EngineHash != difference.ContractHash;
            if (!isRight)
            {
                violations.Add($"{step.Name}, {contract.WitnessOf(step.Call).Description} "
                    + $"({difference?.Kind.ToString() ?? "no known difference"}): "
                    + $"we say {step.Expected}, the contract {Verdict.Describe(outcome)}");
            }
        }

        output.WriteLine($"{steps.Count} steps, {outcomes.Count(outcome => outcome.IsAccepted)} accepted; "
            + $"known differences: {string.Join(", ", differences)}");
        string shown = string.Join('\n', violations.Take(ShownViolationsMax));
        Assert.True(violations.Count == 0, $"{violations.Count} violations:\n{shown}");
        return differences;
    }

    // A step whose proofs do not fit, or that panics, is refused by both sides before they could differ.
    private KnownDifference? DifferenceOf(JudgedStep step) =>
        step.Expected.Refusal is null or ErrorCode.InvalidProof
            ? KnownDifferences.Find(contract, contract.WitnessOf(step.Call), step.After)
            : null;
}
