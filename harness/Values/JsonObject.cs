using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>
/// Reads the properties of a JSON object from a node, with one sentence for whatever is wrong with it.
/// </summary>
internal readonly struct JsonObject
{
    private readonly JsonElement _element;
    private readonly string _what;

    /// <summary>
    /// Wraps an element; throws <see cref="ChainException"/> when it is no object. <paramref name="what"/>
    /// names it in messages ("block header").
    /// </summary>
    internal JsonObject(JsonElement element, string what)
    {
        _element = element;
        _what = what;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ChainException(ChainFailure.BadAnswer, $"The node sent a {what} that is no object.");
        }
    }

    /// <summary>Whether the property is there and not null.</summary>
    internal bool Has(string name) =>
        _element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>The property; throws <see cref="ChainException"/> when it is not there.</summary>
    internal JsonElement Get(string name) =>
        _element.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new ChainException(ChainFailure.BadAnswer, $"The node sent a {_what} without '{name}'.");

    /// <summary>A byte string.</summary>
    internal byte[] Bytes(string name) => Hex.Read(Get(name));

    /// <summary>A byte string of 32 bytes.</summary>
    internal Bytes32 Word(string name) => new(Bytes(name));

    /// <summary>A byte string of 20 bytes.</summary>
    internal Address Address(string name) => new(Bytes(name));

    /// <summary>A byte string of 20 bytes, or null where there is none.</summary>
    internal Address? AddressOrNone(string name) => Has(name) ? Address(name) : null;

    /// <summary>A number of at most 64 bits.</summary>
    internal ulong Quantity(string name) => Hex.ReadQuantity(Get(name));

    /// <summary>The elements of an array.</summary>
    internal IEnumerable<JsonElement> List(string name)
    {
        JsonElement list = Get(name);
        return list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw new ChainException(
                ChainFailure.BadAnswer, $"The '{name}' of a {_what} from the node is no array.");
    }

    /// <summary>An array of byte strings.</summary>
    internal ReadOnlyMemory<byte>[] BytesList(string name) =>
        [.. List(name).Select(element => (ReadOnlyMemory<byte>)Hex.Read(element))];
}
