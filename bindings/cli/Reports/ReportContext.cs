using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Culverin.Cli.Reports;

/// <summary>How reports become JSON, without reflection: the native executable is trimmed.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(AnalyzeReport))]
[JsonSerializable(typeof(ConvertReport))]
[JsonSerializable(typeof(DiffReport))]
[JsonSerializable(typeof(DisassembleReport))]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(ExplainReport))]
[JsonSerializable(typeof(HashReport))]
[JsonSerializable(typeof(ListReport))]
[JsonSerializable(typeof(LoadElfReport))]
[JsonSerializable(typeof(ReferenceWitness))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(SyscallReport))]
[JsonSerializable(typeof(TraceProofReport))]
[JsonSerializable(typeof(TraceReport))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(WitnessReport))]
internal sealed partial class ReportContext : JsonSerializerContext
{
    /// <summary>One line.</summary>
    public static ReportContext Line { get; } = new(Written(isIndented: false));

    /// <summary>Indented by two, as the reference writes.</summary>
    public static ReportContext Indented { get; } = new(Written(isIndented: true));

    private static JsonSerializerOptions Written(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = isIndented,
        NewLine = "\n",
    };
}
