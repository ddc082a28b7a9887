using System.Text;
using System.Text.Json;
using Culverin.Files.Streams;

namespace Culverin.Files;

/// <summary>Reads an object whose fields are known but may come in any order.</summary>
internal static class JsonFields
{
    private const int NameMaxBytes = 64;

    /// <summary>
    /// Reads the object that the current token begins. Unknown fields are passed over, as the reference does.
    /// </summary>
    /// <param name="tokens">The file.</param>
    /// <param name="what">The object, for messages.</param>
    /// <param name="required">Fields that must be there.</param>
    /// <param name="optional">Fields that may be there; at most 32 with the required ones.</param>
    /// <param name="read">Called at the first token of a known field's value; leaves at its last.</param>
    /// <exception cref="MalformedException">
    /// It is no object, or a field is missing or there twice.
    /// </exception>
    public static void Read(
        JsonTokens tokens,
        string what,
        ReadOnlySpan<string> required,
        ReadOnlySpan<string> optional,
        Action<string> read)
    {
        tokens.Require(JsonTokenType.StartObject, what);
        uint seen = 0;
        for (tokens.Next(); tokens.Type != JsonTokenType.EndObject; tokens.Next())
        {
            string name = tokens.Value.Length <= NameMaxBytes ? Encoding.UTF8.GetString(tokens.Value) : "";
            tokens.Next();
            int number = required.IndexOf(name);
            int optionalNumber = optional.IndexOf(name);
            if (number < 0 && optionalNumber < 0)
            {
                tokens.Skip();
                continue;
            }

            uint mark = 1u << (number >= 0 ? number : required.Length + optionalNumber);
            if ((seen & mark) != 0)
            {
                throw new MalformedException($"its {what} has the field \"{name}\" twice");
            }

            seen |= mark;
            read(name);
        }

        for (int number = 0; number < required.Length; number++)
        {
            if ((seen & (1u << number)) == 0)
            {
                throw new MalformedException($"its {what} has no field \"{required[number]}\"");
            }
        }
    }
}
