using System.Globalization;
using System.Text;

namespace Culverin.Harness.Report.Pages;

/// <summary>
/// Makes any text safe as the content of an HTML element or of a quoted attribute. Characters that do not
/// show, or that change the order in which others show, become the replacement character: what a contract
/// says must not be able to look like something else.
/// </summary>
public static class HtmlText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text escaped; the result has no character that ends a quoted attribute.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\n' => escaped.Append('\n'),
                _ => IsShown(rune) ? escaped.Append(rune) : escaped.Append(Replacement),
            };
        }

        return escaped.ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
