using System.Text.Json.Serialization;

namespace Culverin.Harness.Report.Stories;

/// <summary>How stories become JSON.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StoryReport))]
internal sealed partial class StoryContext : JsonSerializerContext
{
    /// <summary>As it is used.</summary>
    public static StoryContext Instance { get; } = new(ReportJson.Options(isIndented: true));
}
