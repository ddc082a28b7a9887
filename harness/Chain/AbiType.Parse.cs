using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Culverin.Harness.Chain;

/// <summary>Reading types: from their written form, and from the ABI JSON of a compiler.</summary>
public sealed partial class AbiType
{
    private const int TextLengthMax = 10_000;

    /// <summary>
    /// Reads a written type: "uint256", "bytes32[]", "(address,(bool,bytes)[3])". "uint" and "int" mean 256
    /// bits. Throws <see cref="ChainException"/> for anything else.
    /// </summary>
    public static AbiType Parse(string text)
    {
        int position = 0;
        AbiType type = text.Length <= TextLengthMax ? ParseAt(text, ref position, 0) : throw Unknown(text);
        return position == text.Length ? type : throw Unknown(text);
    }

    /// <summary>Reads one parameter of an ABI JSON: "name", "type", and "components" for tuples.</summary>
    internal static AbiParameter ReadParameter(JsonElement element, int depth = 0)
    {
        if (depth > DepthMax
            || element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("type", out JsonElement typeElement))
        {
            throw new ChainException(
                ChainFailure.Artifact, "An ABI parameter has no type, or nests too deep.");
        }

        string name = element.TryGetProperty("name", out JsonElement nameText) ? JsonText.Read(nameText) : "";
        string text = JsonText.Read(typeElement);
        if (!text.StartsWith("tuple", StringComparison.Ordinal))
        {
            return new AbiParameter(name, Parse(text));
        }

        List<AbiParameter> components = [];
        if (element.TryGetProperty("components", out JsonElement list)
            && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement component in list.EnumerateArray())
            {
                components.Add(ReadParameter(component, depth + 1));
            }
        }

        if (components.Count == 0)
        {
            throw new ChainException(
                ChainFailure.Artifact, $"The tuple '{name}' of an ABI has no components.");
        }

        int position = "tuple".Length;
        AbiType type = ParseSuffixes(TupleOf(components), text, ref position);
        return position == text.Length ? new AbiParameter(name, type) : throw Unknown(text);
    }

    private static AbiType ParseAt(string text, ref int position, int depth)
    {
        if (depth > DepthMax)
        {
            throw Unknown(text);
        }

        AbiType type;
        if (position < text.Length && text[position] == '(')
        {
            List<AbiParameter> components = [];
            do
            {
                position++;
                components.Add(new AbiParameter("", ParseAt(text, ref position, depth + 1)));
            }
            while (position < text.Length && text[position] == ',');
            if (position >= text.Length || text[position] != ')')
            {
                throw Unknown(text);
            }

            position++;
            type = TupleOf(components);
        }
        else
        {
            int start = position;
            while (position < text.Length && char.IsAsciiLetterOrDigit(text[position]))
            {
                position++;
            }

            type = Elementary(text[start..position]);
        }

        return ParseSuffixes(type, text, ref position);
    }

    private static AbiType ParseSuffixes(AbiType type, string text, ref int position)
    {
        while (position < text.Length && text[position] == '[')
        {
            int end = text.IndexOf(']', position);
            if (end < 0)
            {
                throw Unknown(text);
            }

            ReadOnlySpan<char> length = text.AsSpan(position + 1, end - position - 1);
            position = end + 1;
            type = length.IsEmpty
                ? new AbiType(AbiKind.DynamicArray, 0, type, [])
                : new AbiType(AbiKind.FixedArray, Number(length, 1, HeadBytesMax, text), type, []);
        }

        return type;
    }

    private static AbiType Elementary(string name) => name switch
    {
        "address" => new AbiType(AbiKind.Address, 0, null, []),
        "bool" => new AbiType(AbiKind.Boolean, 0, null, []),
        "bytes" => new AbiType(AbiKind.DynamicBytes, 0, null, []),
        "string" => new AbiType(AbiKind.Text, 0, null, []),
        "function" => new AbiType(AbiKind.FixedBytes, 24, null, []),
        "uint" => new AbiType(AbiKind.UnsignedInteger, 256, null, []),
        "int" => new AbiType(AbiKind.SignedInteger, 256, null, []),
        _ when name.StartsWith("uint", StringComparison.Ordinal) =>
            new AbiType(AbiKind.UnsignedInteger, Bits(name.AsSpan(4), name), null, []),
        _ when name.StartsWith("int", StringComparison.Ordinal) =>
            new AbiType(AbiKind.SignedInteger, Bits(name.AsSpan(3), name), null, []),
        _ when name.StartsWith("bytes", StringComparison.Ordinal) =>
            new AbiType(AbiKind.FixedBytes, Number(name.AsSpan(5), 1, WordBytes, name), null, []),
        _ => throw Unknown(name),
    };

    private static int Bits(ReadOnlySpan<char> digits, string text)
    {
        int bits = Number(digits, 8, 256, text);
        return bits % 8 == 0 ? bits : throw Unknown(text);
    }

    private static int Number(ReadOnlySpan<char> digits, int minimum, int maximum, string text) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
        && digits[0] != '0'
        && value >= minimum
        && value <= maximum
            ? value
            : throw Unknown(text);

    private static ChainException Unknown(string text) =>
        new(ChainFailure.Abi, $"'{JsonRpcError.Printable(text)}' is not a type of the contract ABI.");
}
