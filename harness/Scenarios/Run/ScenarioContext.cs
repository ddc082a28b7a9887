using System.Text.Json.Serialization;
using Culverin.Harness.Report;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>How lines about scenarios become JSON.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ScenarioResultLine))]
[JsonSerializable(typeof(ScenarioTitleLine))]
internal sealed partial class ScenarioContext : JsonSerializerContext
{
    /// <summary>As it is used.</summary>
    public static ScenarioContext Instance { get; } = new(ReportJson.Options(isIndented: false));
}
