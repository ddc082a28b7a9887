using System;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Culverin.Harness.Cli;

/// <summary>Writes reports of one JSON object on each line.</summary>
internal static class JsonLine
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes one object and a line end at once, and flushes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="schemaVersion">The first field; it rises when another changes its meaning.</param>
    /// <param name="write">Writes all other fields.</param>
    public static void Write(TextWriter output, int schemaVersion, Action<Utf8JsonWriter> write)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", schemaVersion);
            write(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(line.ToArray()));
        output.Flush();
    }

    /// <summary>A number, or null.</summary>
    public static void WriteNumber(this Utf8JsonWriter json, string name, ulong? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A number of wei as a string, since it may exceed what JSON readers take; or null.</summary>
    public static void WriteWei(this Utf8JsonWriter json, string name, BigInteger? wei) =>
        json.WriteString(name, wei?.ToString(CultureInfo.InvariantCulture));
}
