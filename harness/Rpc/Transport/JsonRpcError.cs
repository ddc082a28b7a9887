using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rpc.Transport;

/// <summary>
/// A JSON-RPC error object: its code, its message and its data. <see cref="Data"/> is the decoded byte
/// string when the node sent one (the revert data of a call), else null; <see cref="RawData"/> is the data
/// as JSON text. Texts come from the node: they are cut to a fixed length and hold no control characters.
/// </summary>
public sealed record JsonRpcError(long Code, string Message, byte[]? Data, string? RawData)
{
    private const long TooManyRequests = 429;
    private const long MethodNotFound = -32601;

    // EIP-1474 has a code for it, which providers also use for answers that are too long: only words tell.
    private static readonly string[] ThrottleWords =
    [
        "rate limit", "rate-limit", "ratelimit", "too many requests", "compute units", "throttl",
        "requests per second", "request limit",
    ];

    /// <summary>Whether the node refused the call because it is asked too often.</summary>
    internal bool IsThrottle =>
        Code == TooManyRequests
        || (!Says("revert") && Array.Exists(ThrottleWords, Says));

    /// <summary>Whether the node does not offer the method at all.</summary>
    internal bool IsMethodMissing => Code == MethodNotFound;

    /// <summary>Whether these words are in the message, in any case.</summary>
    internal bool Says(string words) => Message.Contains(words, StringComparison.OrdinalIgnoreCase);

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
            raw = JsonText.Printable(extra.GetRawText());
            _ = extra.ValueKind == JsonValueKind.String && Hex.TryParse(JsonText.Read(extra), out data);
        }

        return new JsonRpcError(number, JsonText.Printable(message), data, raw);
    }
}
