using System;
using System.IO;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Culverin.Cli;

/// <summary>Standard output, which carries data only. Every call writes all of its bytes at once.</summary>
internal static class StandardOutput
{
    private const string Newline = "\n";

    /// <summary>Opens the stream; leave it open.</summary>
    public static Stream Open() => Console.OpenStandardOutput();

    /// <summary>Writes text as UTF-8.</summary>
    public static void WriteText(string text)
    {
        Stream stream = Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
        stream.Flush();
    }

    /// <summary>
    /// Writes a JSON object: indented by two with two newlines at the end as the reference does, or a line.
    /// </summary>
    public static void WriteJson(Action<Utf8JsonWriter> writeMembers, bool isIndented)
    {
        var bytes = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = isIndented,
            NewLine = Newline,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(bytes, options))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }

        bytes.Write(Encoding.UTF8.GetBytes(isIndented ? Newline + Newline : Newline));
        Stream stream = Open();
        stream.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        stream.Flush();
    }
}
