using System;
using System.Text.Json;

namespace Culverin.Harness.Chain;

/// <summary>
/// Reads JSON strings from outside without letting a malformed one escape as an untyped exception.
/// </summary>
internal static class JsonText
{
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
}
