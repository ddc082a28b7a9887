namespace Culverin.Harness.Scenarios.Run;

/// <summary>How one variant of a scenario went.</summary>
public sealed record ScenarioResult
{
    /// <summary>The scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>The variant.</summary>
    public required ScenarioVariant Variant { get; init; }

    /// <summary>The kind of arena.</summary>
    public required string Arena { get; init; }

    /// <summary>How it had to end, or what had to be so where something was not.</summary>
    public required string Expected { get; init; }

    /// <summary>How it ended, or what was so instead.</summary>
    public required string Got { get; init; }

    /// <summary>Why it failed, in a sentence; null when everything held.</summary>
    public required string? Failure { get; init; }

    /// <summary>How many expectations were looked at.</summary>
    public required int ExpectationCount { get; init; }

    /// <summary>The solver's rules that the honest side broke.</summary>
    public required IReadOnlyList<string> Violations { get; init; }

    /// <summary>What happened on L1; null when the arena did not start.</summary>
    public required L1Ledger? Ledger { get; init; }

    /// <summary>Steps that the virtual machine executed.</summary>
    public required ulong VmSteps { get; init; }

    /// <summary>Wall-clock time, without the arena's start.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Whether every expectation held and no rule was broken.</summary>
    public bool Held => Failure is null && Violations.Count == 0;
}
