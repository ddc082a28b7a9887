using System.Collections;
using System.Globalization;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding;

namespace Culverin.Harness.Abi;

/// <summary>
/// Decoded values for a person: numbers in decimal, bytes in hexadecimal, texts in quotes, arrays and structs
/// in brackets.
/// </summary>
internal static class AbiText
{
    /// <summary>The values of a type with Nethereum's attributes, with commas between.</summary>
    internal static string OfParts(object decoded)
    {
        IEnumerable<string> parts = new ParametersEncoder()
            .GetParameterAttributeValues(decoded.GetType(), decoded)
            .OrderBy(each => each.ParameterAttribute.Order)
            .Select(each => Of(each.ParameterAttribute.Type, each.Value));
        return string.Join(", ", parts);
    }

    private static string Of(string type, object value) => value switch
    {
        string text when type == "address" => Address.Parse(text).ToString(),
        string text => "\"" + JsonText.Printable(text) + "\"",
        bool truth => truth ? "true" : "false",
        byte[] bytes => Hex.Format(bytes),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list =>
            $"[{string.Join(", ", list.Cast<object>().Select(each => Of(ElementOf(type), each)))}]",
        _ => $"[{OfParts(value)}]",
    };

    private static string ElementOf(string type) => type[..type.LastIndexOf('[')];
}
