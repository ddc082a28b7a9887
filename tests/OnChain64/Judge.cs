using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain64.Tests;

/// <summary>A step with our verdict on it, to be put before the contract.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Call">Witness and proofs.</param>
/// <param name="Expected">What our side says.</param>
internal sealed record JudgedStep(string Name, StepCall Call, Verdict Expected)
{
    /// <summary>What the contract must say where it is known to differ; null when it must agree.</summary>
    public Bytes32? ContractHash { get; init; }
}

/// <summary>
/// Compares our verdicts with the contract's. They must be the same, except where a
/// <see cref="KnownDifference"/> tells exactly what the contract must say.
/// </summary>
internal sealed class Judge(StepArena arena, ITestOutputHelper output)
{
    private const int ShownViolationsMax = 20;

    public async Task CompareAsync(IReadOnlyList<JudgedStep> steps)
    {
        IReadOnlyList<StepOutcome> outcomes = await arena.StepManyAsync([.. steps.Select(step => step.Call)]);
        List<string> violations = [];
        for (int index = 0; index < steps.Count; index++)
        {
            JudgedStep step = steps[index];
            bool isRight = step.ContractHash is { } different
                ? outcomes[index].PostHash == different && step.Expected.Hash != different
                : step.Expected.Agrees(outcomes[index]);
            if (!isRight)
            {
                ThreadedWitness state = new(step.Call.StateData.Span, step.Call.ProofData.Span);
                violations.Add($"{step.Name}, {state.Description}: "
                    + $"we say {step.Expected}, the contract {Verdict.Describe(outcomes[index])}");
            }
        }

        output.WriteLine($"{steps.Count} steps, {outcomes.Count(outcome => outcome.IsAccepted)} accepted, "
            + $"{steps.Count(step => step.ContractHash is not null)} known differences");
        string shown = string.Join('\n', violations.Take(ShownViolationsMax));
        Assert.True(violations.Count == 0, $"{violations.Count} violations:\n{shown}");
    }
}
