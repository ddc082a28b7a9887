using System.Text;
using System.Text.Json;

namespace Culverin.Harness.Values;

/// <summary>
/// Texts from outside: reads JSON strings without letting a malformed one escape as an untyped exception, and
/// makes what is shown to a person short and harmless.
/// </summary>
internal static class JsonText
{
    private const int TextLengthMax = 1_000;

    /// <summary>
    /// The text of a string element; throws <see cref="ChainException"/> when it is no valid text.
    /// </summary>
    internal static string Read(JsonElement element)
    {
        try
        {
            return element.GetString()
                ?? throw new ChainException(
                    ChainFailure.BadAnswer, "A JSON text was due, and null was there.");
        }
        catch (InvalidOperationException error)
        {
            // Not a string at all, or one with broken escapes or UTF-8.
            throw new ChainException(
                ChainFailure.BadAnswer, "A JSON text was due, and there was none.", error);
        }
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
