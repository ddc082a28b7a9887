using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Culverin.Harness.Report;

/// <summary>How the harness' reports become JSON.</summary>
public static class ReportJson
{
    /// <summary>Names begin in lower case, and only what JSON demands is escaped.</summary>
    /// <param name="isIndented">On lines of their own, for documents; else all on one line.</param>
    public static JsonSerializerOptions Options(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = isIndented,
        NewLine = "\n",
    };

    /// <summary>Writes a report and a line's end, and flushes.</summary>
    public static void Write<T>(Stream stream, T report, JsonTypeInfo<T> type)
        where T : JsonReport
    {
        JsonSerializer.Serialize(stream, report, type);
        stream.Write("\n"u8);
        stream.Flush();
    }
}
