using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Culverin.Cli.Reports;
using Culverin.Files.Streams;

namespace Culverin.Cli.Files;

/// <summary>Standard output, which carries data only. Every call writes all of its bytes at once.</summary>
internal static class StandardOutput
{
    private const string Newline = "\n";

    /// <summary>The stream; leave it open.</summary>
    public static Stream Open() => StandardStreams.Output;

    /// <summary>Writes text as UTF-8.</summary>
    public static void WriteText(string text)
    {
        Stream stream = Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush();
    }

    /// <summary>
    /// Writes a report of <see cref="ReportContext"/>: indented by two with two newlines at the end as the
    /// reference does, or a line.
    /// </summary>
    public static void WriteJson<T>(T report, bool isIndented)
    {
        ReportContext context = isIndented ? ReportContext.Indented : ReportContext.Line;
        var bytes = new MemoryStream();
        JsonSerializer.Serialize(bytes, report, (JsonTypeInfo<T>)context.GetTypeInfo(typeof(T))!);
        bytes.Write(Encoding.UTF8.GetBytes(isIndented ? Newline + Newline : Newline));
        Stream stream = Open();
        stream.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        stream.Flush();
    }
}
