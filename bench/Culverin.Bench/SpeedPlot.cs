using System.Globalization;
using System.Text;

namespace Culverin.Bench;

/// <summary>
/// A bar chart of how many times the reference's speed each guest runs at: one SVG without anything external.
/// </summary>
internal static class SpeedPlot
{
    private const int BarHeight = 22;
    private const int NameWidth = 190;
    private const int BarWidthMax = 520;
    private const int ValueWidth = 70;
    private const int HeadHeight = 44;
    private const int FootHeight = 12;
    private const int TextOffset = 15;

    /// <summary>Draws the guests that were measured beside a reference; null if none was.</summary>
    public static string? Draw(IReadOnlyList<GuestSpeed> guests)
    {
        GuestSpeed[] compared = [.. guests.Where(guest => guest.Peer is not null)];
        if (compared.Length == 0)
        {
            return null;
        }

        int width = NameWidth + BarWidthMax + ValueWidth;
        int height = HeadHeight + (compared.Length * BarHeight) + FootHeight;
        double largest = compared.Max(guest => guest.Translator / guest.Peer!.Value);
        var text = new StringBuilder();
        Line(
            text,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" "
                + "font-family=\"sans-serif\" font-size=\"13\">");
        Line(text, $"<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Line(
            text,
            "<text x=\"8\" y=\"26\" font-size=\"15\">Speed as a multiple of the reference: translator "
                + "(dark), interpreter (light)</text>");
        for (int row = 0; row < compared.Length; row++)
        {
            DrawRow(text, compared[row], HeadHeight + (row * BarHeight), largest);
        }

        Line(text, "</svg>");
        return text.ToString();
    }

    private static void DrawRow(StringBuilder text, GuestSpeed guest, int top, double largest)
    {
        double translator = guest.Translator / guest.Peer!.Value;
        double interpreter = guest.Interpreter / guest.Peer!.Value;
        double scale = BarWidthMax / largest;
        string name = guest.Elf.Replace(".elf", "", StringComparison.Ordinal);
        Line(text, $"<text x=\"8\" y=\"{top + TextOffset}\">{name} (v{(byte)guest.Version})</text>");
        DrawBar(text, top, translator * scale, "#1f4e79");
        DrawBar(text, top, interpreter * scale, "#9dc3e6");
        double valueLeft = NameWidth + (translator * scale) + 6;
        string value = Fixed(translator, 0);
        Line(text, $"<text x=\"{Fixed(valueLeft, 0)}\" y=\"{top + TextOffset}\">{value} ×</text>");
    }

    private static void DrawBar(StringBuilder text, int top, double width, string colour) => Line(
        text,
        $"<rect x=\"{NameWidth}\" y=\"{top + 3}\" width=\"{Fixed(width, 1)}\" height=\"{BarHeight - 6}\" "
            + $"fill=\"{colour}\"/>");

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');

    private static string Fixed(double value, int digits) =>
        value.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
