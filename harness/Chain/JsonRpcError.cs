using System.Text;
using System.Text.Json;

namespace Culverin.Harness.Chain;

/// <summary>
/// A JSON-RPC error object: its code, its message and its data. <see cref="Data"/> is the decoded byte
/// string when the node sent one (the revert data of a call), else null; <see cref="RawData"/> is the data
/// as JSON text. Texts come from the node: they are cut to a fixed length and hold no control characters.
/// </summary>
public sealed record JsonRpcError(long Code, string Message, byte[]? Data, string? RawData)
{
    private const int TextLengthMax = 1_000;

    /// <summary>Reads an error object; throws <see cref="ChainException"/> when it is not one.</summary>
    internal static JsonRpcError Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("code", out JsonElement code)
            || code.ValueKind != JsonValueKind.Number
            || !code.TryGetInt64(out long number))
        {
            throw new ChainException(
                ChainFailure.BadAnswer, "The node sent an error object without a numeric code.");
        }

        string message = element.TryGetProperty("message", out JsonElement text)
            && text.ValueKind == JsonValueKind.String
            ? JsonText.Read(text)
            : "(no message)";
        byte[]? data = null;
        string? raw = null;
        if (element.TryGetProperty("data", out JsonElement extra) && extra.ValueKind != JsonValueKind.Null)
        {
            raw = Printable(extra.GetRawText());
            _ = extra.ValueKind == JsonValueKind.String && Hex.TryParse(JsonText.Read(extra), out data);
        }

        return new JsonRpcError(number, Printable(message), data, raw);
    }

    /// <summary>
    /// Cuts a foreign text to a fixed length and replaces its control characters by spaces.
    /// </summary>
    internal static string Printable(string text)
    {
        StringBuilder builder = new();
        foreach (char character in text)
        {
            if (builder.Length == TextLengthMax)
            {
                return builder.Append('…').ToString();
            }

            builder.Append(char.IsControl(character) ? ' ' : character);
        }

        return builder.ToString();
    }
}
