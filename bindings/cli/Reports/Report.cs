using System.Text.Json;
using System.Text.Json.Serialization;

namespace Culverin.Cli.Reports;

/// <summary>
/// What every JSON report begins with. The README beside the commands lists the fields of each; a test
/// compares the list with what the commands print.
/// </summary>
/// <param name="Kind">Which report it is.</param>
internal abstract record Report([property: JsonPropertyOrder(-1), JsonPropertyName("report")] string Kind)
{
    /// <summary>Rises when a field changes its meaning or goes away; new fields do not raise it.</summary>
    [JsonPropertyOrder(-2)]
    public int SchemaVersion { get; } = 1;

    /// <summary>0x and lower-case digits.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>The name of an enumeration's value as reports have it.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
