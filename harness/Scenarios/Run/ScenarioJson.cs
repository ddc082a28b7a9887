using System.Text.Json;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>Scenarios and their results as JSON, one object a line, without the line's end.</summary>
public static class ScenarioJson
{
    /// <summary>A result.</summary>
    public static string Line(ScenarioResult result) => JsonSerializer.Serialize(
        new ScenarioResultLine(result), ScenarioContext.Instance.ScenarioResultLine);

    /// <summary>What a scenario is.</summary>
    public static string Line(Scenario scenario, ScenarioVariant variant) => JsonSerializer.Serialize(
        new ScenarioTitleLine(scenario, variant), ScenarioContext.Instance.ScenarioTitleLine);
}
