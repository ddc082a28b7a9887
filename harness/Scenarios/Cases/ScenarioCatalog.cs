using Culverin.Harness.Scenarios.Run;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>All scenarios there are.</summary>
public static class ScenarioCatalog
{
    /// <summary>By letters and, where those are the same, by numbers.</summary>
    public static IReadOnlyList<Scenario> All { get; } = Sort(
    [
        .. AlphabetScenarios.All,
        .. CannonMoves.All,
        .. CannonSteps.All,
        .. CannonBlocks.All,
        .. CannonOthers.All,
        .. MixedScenarios.All,
        .. PreimageScenarios.All,
        .. WithdrawalScenarios.All,
        .. DelayScenarios.All,
        .. GuardianScenarios.All,
        .. PortalScenarios.All,
        .. TheftScenarios.All,
    ]);

    /// <summary>Every variant of every scenario.</summary>
    public static IReadOnlyList<(Scenario Scenario, ScenarioVariant Variant)> Cases { get; } =
        [.. All.SelectMany(scenario => scenario.Variants.Select(variant => (scenario, variant)))];

    /// <summary>
    /// The variants that a text names: a scenario's id, or "id/variant", in any case. Empty when none.
    /// </summary>
    public static IReadOnlyList<(Scenario Scenario, ScenarioVariant Variant)> Find(string text) =>
    [
        .. Cases.Where(each =>
            text.Equals(each.Scenario.Id, StringComparison.OrdinalIgnoreCase)
            || text.Equals(
                $"{each.Scenario.Id}/{each.Variant.Name}", StringComparison.OrdinalIgnoreCase)),
    ];

    private static Scenario[] Sort(IEnumerable<Scenario> scenarios) =>
    [
        .. scenarios
            .OrderBy(scenario => LettersOf(scenario.Id), StringComparer.Ordinal)
            .ThenBy(scenario => scenario.Id.Length)
            .ThenBy(scenario => scenario.Id, StringComparer.Ordinal),
    ];

    private static string LettersOf(string id) => id.TrimEnd([.. "0123456789"]);
}
