using System.Globalization;
using System.Text;

namespace Culverin.Cli.Output;

/// <summary>How Go's text log quotes values, so that tools made for the reference's log read ours.</summary>
internal static class GoText
{
    private const char FirstPrintable = ' ';
    private const char Delete = '\u007f';

    /// <summary>Appends a value, in quotes when it is empty or has a character that could end it.</summary>
    public static void AppendValue(StringBuilder line, string value)
    {
        if (!NeedsQuotes(value))
        {
            line.Append(value);
            return;
        }

        line.Append('"');
        foreach (char character in value)
        {
            AppendEscaped(line, character);
        }

        line.Append('"');
    }

    /// <summary>
    /// Text for a person with control characters and those that turn its direction escaped as in quotes.
    /// </summary>
    public static string Printable(string text)
    {
        var shown = new StringBuilder();
        foreach (char character in text)
        {
            if (IsUnprintable(character))
            {
                AppendEscaped(shown, character);
            }
            else
            {
                shown.Append(character);
            }
        }

        return shown.ToString();
    }

    private static bool IsUnprintable(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool NeedsQuotes(string value)
    {
        foreach (char character in value)
        {
            if (character is <= FirstPrintable or '"' or '=' || IsUnprintable(character))
            {
                return true;
            }
        }

        return value.Length == 0;
    }

    private static void AppendEscaped(StringBuilder line, char character)
    {
        switch (character)
        {
            case '"' or '\\':
                line.Append('\\').Append(character);
                break;
            case '\n':
                line.Append("\\n");
                break;
            case '\r':
                line.Append("\\r");
                break;
            case '\t':
                line.Append("\\t");
                break;
            case < FirstPrintable or >= Delete and < '\u00a0':
                line.Append("\\x").Append(((int)character).ToString("x2", CultureInfo.InvariantCulture));
                break;
            case var _ when IsUnprintable(character):
                line.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
                break;
            default:
                line.Append(character);
                break;
        }
    }
}
