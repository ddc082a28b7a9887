using System.Text.Json;
using System.Text.Json.Serialization;

namespace Culverin.Analyze;

/// <summary>Reports of the analyser as JSON.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AnalysisDocument), TypeInfoPropertyName = "Document")]
internal sealed partial class AnalysisJson : JsonSerializerContext
{
    /// <summary>Reports of a program, in the order of versions, as one object.</summary>
    public static string Write(IReadOnlyList<AnalysisReport> reports) =>
        JsonSerializer.Serialize(AnalysisDocument.Of(reports), Default.Document);
}
