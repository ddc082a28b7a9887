using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Stories;

/// <summary>The one step of the virtual machine that a contract executed to settle a game.</summary>
public sealed record StepStory
{
    /// <summary>The name of who asked for it.</summary>
    public required string Actor { get; init; }

    /// <summary>The claim that it refutes.</summary>
    public required int ClaimIndex { get; init; }

    /// <summary>Whether it leads to the claim's state, rather than on from it.</summary>
    public required bool IsAttack { get; init; }

    /// <summary>How many steps the machine had made before it.</summary>
    public required ulong StepNumber { get; init; }

    /// <summary>How many steps the whole run has.</summary>
    public required ulong RunSteps { get; init; }

    /// <summary>The instruction, as text; what it does, if that is worth telling.</summary>
    public required string Instruction { get; init; }

    /// <summary>Hash of the state before it, which both sides agree on.</summary>
    public required Bytes32 Before { get; init; }

    /// <summary>Hash of the state after it, as the contract computes it.</summary>
    public required Bytes32 After { get; init; }

    /// <summary>Hash of the state after it, as the refuted side claimed.</summary>
    public required Bytes32 Claimed { get; init; }

    /// <summary>The pre-image that it read from the oracle, in words; null when it read none.</summary>
    public string? Preimage { get; init; }

    /// <summary>The transaction.</summary>
    public required TransactionFacts Transaction { get; init; }
}
