namespace Culverin.Harness.ContractGenerator;

/// <summary>A parameter, result or field as the compiler's ABI JSON has it.</summary>
/// <param name="Name">The name in the source, perhaps empty.</param>
/// <param name="Type">The type, with "tuple" for structs: "uint256", "tuple[]".</param>
/// <param name="InternalType">The type in the source: "enum GameStatus"; null in old ABIs.</param>
/// <param name="IsIndexed">True for an event's parameter that stands in a topic.</param>
/// <param name="Components">The fields of a struct; empty otherwise.</param>
internal sealed record AbiParameter(
    string Name,
    string Type,
    string? InternalType,
    bool IsIndexed,
    IReadOnlyList<AbiParameter> Components)
{
    private const string Tuple = "tuple";

    /// <summary>The type with structs written out, as in a signature: "(uint256,bytes32)[]".</summary>
    public string CanonicalType => Type.StartsWith(Tuple, StringComparison.Ordinal)
        ? $"({string.Join(',', Components.Select(each => each.CanonicalType))}){Type[Tuple.Length..]}"
        : Type;
}
