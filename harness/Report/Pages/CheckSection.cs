using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Report.Pages;

/// <summary>Lists what had to be so, and the parameters of everything.</summary>
internal static class CheckSection
{
    /// <summary>Writes both lists.</summary>
    public static void Write(HtmlWriter html, Story story)
    {
        using (html.Open("section", ("class", "checks")))
        {
            html.Element("h2", "What had to hold");
            using (html.Open("ul"))
            {
                foreach (Expectation expectation in story.Expectations)
                {
                    using (html.Open("li", ("class", expectation.Held ? "held" : "failed")))
                    {
                        html.Element("span", expectation.Held ? "✓" : "✗", ("class", "sign"));
                        html.Text(" " + expectation.Text);
                        if (expectation.Got.Length > 0)
                        {
                            html.Element("span", expectation.Got, ("class", "got"));
                        }
                    }
                }
            }
        }

        html.Line();
        using (html.Open("section", ("class", "facts")))
        {
            html.Element("h2", "Parameters");
            using (html.Open("dl"))
            {
                foreach (StoryFact fact in story.Facts)
                {
                    html.Element("dt", fact.Name);
                    html.Element("dd", fact.Value);
                }
            }
        }

        html.Line();
    }
}
