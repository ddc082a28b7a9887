using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>
/// The two hexadecimal notations of Ethereum's JSON-RPC: byte strings ("0x" and two digits for each byte) and
/// quantities ("0x" and a number without leading zeros).
/// </summary>
public static class Hex
{
    // A quantity never exceeds 256 bits: 64 digits.
    private const int QuantityDigitsMax = 64;

    /// <summary>Writes a byte string as lower-case hexadecimal with "0x" in front.</summary>
    public static string Format(ReadOnlySpan<byte> bytes) => "0x" + Convert.ToHexStringLower(bytes);

    /// <summary>Writes a quantity.</summary>
    public static string FormatQuantity(BigInteger value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        string digits = value.ToString("x", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    /// <summary>
    /// Reads a byte string; false when it lacks "0x", has an odd length or another character.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out byte[]? bytes)
    {
        bytes = null;
        if (!text.StartsWith("0x", StringComparison.Ordinal) || (text.Length & 1) != 0)
        {
            return false;
        }

        byte[] result = new byte[(text.Length - 2) / 2];
        if (Convert.FromHexString(text[2..], result, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        bytes = result;
        return true;
    }

    /// <summary>Reads a byte string; throws <see cref="ChainException"/> when it is malformed.</summary>
    public static byte[] Parse(string text) =>
        TryParse(text, out byte[]? bytes)
            ? bytes!
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"'{JsonText.Printable(text)}' is not a byte string in hexadecimal.");

    /// <summary>
    /// Reads the byte string of a JSON answer; throws <see cref="ChainException"/> when there is none.
    /// </summary>
    internal static byte[] Read(JsonElement element) => Parse(JsonText.Read(element));

    /// <summary>
    /// Reads the quantity of a JSON answer as a 64-bit number; throws <see cref="ChainException"/>.
    /// </summary>
    internal static ulong ReadQuantity(JsonElement element)
    {
        string text = JsonText.Read(element);
        const NumberStyles Digits = NumberStyles.AllowHexSpecifier;
        return text.StartsWith("0x", StringComparison.Ordinal)
            && text.Length <= QuantityDigitsMax + 2
            && ulong.TryParse(text.AsSpan(2), Digits, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"'{JsonText.Printable(text)}' is not a quantity of at most 64 bits.");
    }

    /// <summary>
    /// Reads the quantity of a JSON answer, of at most 256 bits; throws <see cref="ChainException"/>.
    /// </summary>
    internal static BigInteger ReadLargeQuantity(JsonElement element)
    {
        string text = JsonText.Read(element);
        const NumberStyles Digits = NumberStyles.AllowHexSpecifier;

        // The zero in front keeps the number from being read as a negative one.
        return text.StartsWith("0x", StringComparison.Ordinal)
            && text.Length > 2
            && text.Length <= QuantityDigitsMax + 2
            && BigInteger.TryParse(
                "0" + text[2..], Digits, CultureInfo.InvariantCulture, out BigInteger value)
            ? value
            : throw new ChainException(
                ChainFailure.BadAnswer,
                $"'{JsonText.Printable(text)}' is not a quantity of at most 256 bits.");
    }
}
