using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Culverin.Cli.Reports;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Cli.Tests.Reports;

/// <summary>The README's list of reports names every field of every report, and no other.</summary>
public sealed partial class ReportFieldTests
{
    private static readonly Dictionary<string, string> Rows = ReadRows();

    private static readonly string[] Types =
    [
        .. typeof(ReportContext).GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(JsonSerializableAttribute))
            .Select(attribute => (Type)attribute.ConstructorArguments[0].Value!)
            .Where(type => type != typeof(ReferenceWitness))
            .Select(type => type.Name),
    ];

    public static TheoryData<string> Reports => [.. Types];

    [Theory]
    [MemberData(nameof(Reports))]
    public void TheReadmeListsTheFieldsOfAReport(string type)
    {
        Type report = typeof(ReportContext).Assembly.GetType($"Culverin.Cli.Reports.{type}", true)!;
        IEnumerable<string> listed = Word().Matches(InBrackets().Replace(Rows[RowOf(type)], ""))
            .Select(match => match.Value);
        Assert.Equal(
            FieldsOf(report).Except(["schemaVersion", "report"]).Order(StringComparer.Ordinal),
            listed.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void EveryRowIsAReport() => Assert.Equal(
        Types.Select(RowOf).Order(StringComparer.Ordinal),
        Rows.Keys.Order(StringComparer.Ordinal));

    // Two commands share a report.
    private static string RowOf(string type) => type == nameof(TraceReport)
        ? "`traceBuild`, `traceInfo`"
        : $"`{JsonNamingPolicy.CamelCase.ConvertName(type[..^"Report".Length])}`";

    private static Dictionary<string, string> ReadRows() => File
        .ReadLines(Path.Combine(RepositoryFiles.Root, "bindings", "cli", "README.md"))
        .SkipWhile(line => !line.StartsWith("| report ", StringComparison.Ordinal))
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Split('|'))
        .ToDictionary(cells => cells[1].Trim(), cells => cells[2]);

    private static HashSet<string> FieldsOf(Type type)
    {
        JsonTypeInfo info = ReportContext.Line.GetTypeInfo(type)!;
        if (info.ElementType is { } element)
        {
            return FieldsOf(element);
        }

        HashSet<string> fields = [];
        foreach (JsonPropertyInfo property in info.Properties)
        {
            _ = fields.Add(property.Name);
            fields.UnionWith(FieldsOf(property.PropertyType));
        }

        return fields;
    }

    [GeneratedRegex(@"\([^()]*\)")]
    private static partial Regex InBrackets();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}
