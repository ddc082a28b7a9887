using System.Text.Json;

namespace Culverin.Harness.ContractGenerator;

/// <summary>A constructor, function, event or error of a contract's ABI.</summary>
/// <param name="Kind">"constructor", "function", "event" or "error".</param>
/// <param name="Name">Its name; empty for a constructor.</param>
/// <param name="Inputs">Parameters.</param>
/// <param name="Outputs">Results; empty for all but functions.</param>
internal sealed record AbiEntry(
    string Kind, string Name, IReadOnlyList<AbiParameter> Inputs, IReadOnlyList<AbiParameter> Outputs)
{
    /// <summary>Name and canonical types: "claimData(uint256)".</summary>
    public string Signature => $"{Name}({string.Join(',', Inputs.Select(each => each.CanonicalType))})";

    /// <summary>Reads all entries of an ABI but fallback and receive, which take no part in calls.</summary>
    public static IReadOnlyList<AbiEntry> ReadAll(JsonElement abi) =>
    [
        .. abi.EnumerateArray()
            .Where(entry => Text(entry, "type") is "constructor" or "function" or "event" or "error")
            .Select(entry => new AbiEntry(
                Text(entry, "type") ?? "",
                Text(entry, "name") ?? "",
                Parameters(entry, "inputs"),
                Parameters(entry, "outputs"))),
    ];

    private static IReadOnlyList<AbiParameter> Parameters(JsonElement entry, string property) =>
        entry.TryGetProperty(property, out JsonElement list)
            ?
            [
                .. list.EnumerateArray().Select(each => new AbiParameter(
                    Text(each, "name") ?? "",
                    Text(each, "type") ?? throw new InvalidOperationException("A parameter has no type."),
                    Text(each, "internalType"),
                    each.TryGetProperty("indexed", out JsonElement mark) && mark.GetBoolean(),
                    Parameters(each, "components"))),
            ]
            : [];

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) ? value.GetString() : null;
}
