using System.Globalization;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Report.Pages;

/// <summary>
/// Small drawings in running text: a side's mark, whose shape tells what its colour tells, and a bar.
/// </summary>
internal static class PageMark
{
    private const int Size = 14;
    private const int Radius = 5;

    /// <summary>Draws the mark of a side.</summary>
    public static void Write(HtmlWriter html, ActorRole role)
    {
        using (html.Open(
            "svg",
            ("class", $"mark {ClaimTreeDrawing.ClassOf(role)}"),
            ("width", "14"),
            ("height", "14"),
            ("viewBox", $"0 {-Size / 2} {Size} {Size}"),
            ("aria-hidden", "true")))
        {
            ClaimTreeDrawing.WriteMark(html, role, Size / 2, Radius);
        }
    }

    /// <summary>Draws a bar that is filled to a part, for the eye only.</summary>
    public static void WriteBar(HtmlWriter html, int percent) => html.Element(
        "span",
        "",
        ("class", "bar"),
        ("style", string.Create(CultureInfo.InvariantCulture, $"--share:{percent}%")),
        ("aria-hidden", "true"));
}
