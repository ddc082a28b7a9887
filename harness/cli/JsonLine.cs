using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Culverin.Harness.Report;

namespace Culverin.Harness.Cli;

/// <summary>Writes reports of one JSON object on each line.</summary>
internal static class JsonLine
{
    /// <summary>Writes one object and a line end at once, and flushes.</summary>
    public static void Write<T>(TextWriter output, T line)
        where T : JsonReport
    {
        var type = (JsonTypeInfo<T>)ReportContext.Lines.GetTypeInfo(typeof(T))!;
        output.WriteLine(JsonSerializer.Serialize(line, type));
        output.Flush();
    }
}
