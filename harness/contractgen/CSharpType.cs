using System.Globalization;

namespace Culverin.Harness.ContractGenerator;

/// <summary>
/// How a parameter appears in C#: the type that Nethereum encodes and decodes, and, where that says too
/// little (an address is a text there, a bytes32 an array), the type that the rest of the harness uses.
/// </summary>
/// <param name="Wire">The type that Nethereum knows, with "List" for arrays.</param>
/// <param name="Default">Its value before one is set; null where C#'s own is right.</param>
/// <param name="Typed">The type to use instead; null where the wire type is good enough.</param>
/// <param name="ToTyped">The method of <c>Wire</c> from the wire type to the typed one.</param>
/// <param name="ToWire">The method of <c>Wire</c> for the way back.</param>
internal sealed record CSharpType(
    string Wire, string? Default, string? Typed = null, string? ToTyped = null, string? ToWire = null)
{
    private const int BitsOfWord = 64;

    /// <summary>Maps a parameter; structs are records inside the contract's class.</summary>
    public static CSharpType Of(AbiParameter parameter)
    {
        string type = parameter.Type;
        if (type.EndsWith(']'))
        {
            CSharpType item = Of(parameter with
            {
                Type = type[..type.LastIndexOf('[')],
                InternalType = parameter.InternalType is { } inner && inner.EndsWith(']')
                    ? inner[..inner.LastIndexOf('[')]
                    : null,
            });
            string list = $"List<{item.Wire}>";
            return item.Typed is null
                ? new CSharpType(list, "[]")
                : new CSharpType(
                    list, "[]", $"IReadOnlyList<{item.Typed}>", $"All{item.ToTyped}", $"All{item.ToWire}");
        }

        return (type, parameter.InternalType) switch
        {
            ("tuple", _) => new CSharpType(Names.OfStruct(parameter), "new()"),
            ("address", _) => new CSharpType(
                "string", "Wire.NoAddress", "Address", "ToAddress", "FromAddress"),
            ("bytes32", _) => new CSharpType(
                "byte[]", "new byte[32]", "Bytes32", "ToBytes32", "FromBytes32"),
            ("uint128", "Position") => new CSharpType(
                "BigInteger", null, "Position", "ToPosition", "FromPosition"),
            ("uint8", "enum GameStatus") => new CSharpType(
                "byte", null, "GameStatus", "ToGameStatus", "FromGameStatus"),
            ("bool", _) => new CSharpType("bool", null),
            ("string", _) => new CSharpType("string", "\"\""),
            ("bytes", _) => new CSharpType("byte[]", "[]"),
            _ when type.StartsWith("bytes", StringComparison.Ordinal) =>
                new CSharpType("byte[]", $"new byte[{type["bytes".Length..]}]"),
            _ => new CSharpType(Integer(type), null),
        };
    }

    private static string Integer(string type)
    {
        bool isUnsigned = type.StartsWith("uint", StringComparison.Ordinal);
        int bits = int.Parse(type.AsSpan(isUnsigned ? 4 : 3), CultureInfo.InvariantCulture);
        string name = bits switch
        {
            <= 8 => isUnsigned ? "byte" : "sbyte",
            <= 16 => isUnsigned ? "ushort" : "short",
            <= 32 => isUnsigned ? "uint" : "int",
            <= BitsOfWord => isUnsigned ? "ulong" : "long",
            _ => "BigInteger",
        };

        // Nethereum encodes a signed byte only as a larger number.
        return name == "sbyte" ? "int" : name;
    }
}
