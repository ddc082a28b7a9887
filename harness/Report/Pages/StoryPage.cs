using System.Numerics;
using System.Text;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Report.Pages;

/// <summary>
/// Makes one HTML page of a story. The page needs nothing else: style and drawings are in it, it has no
/// script, and its own policy forbids every request and script, whatever a text of the story may hold.
/// </summary>
public static class StoryPage
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'";
    private const string StyleName = "report/page.css";

    /// <summary>The page.</summary>
    public static string Write(Story story)
    {
        HtmlWriter html = new();
        html.Trusted("<!DOCTYPE html>\n");
        using (html.Open("html", ("lang", "en")))
        {
            WriteHead(html, story);
            using (html.Open("body"))
            {
                using (html.Open("main"))
                {
                    WriteHeader(html, story);
                    new ProposalSection(html, story).Write();
                    new WithdrawalSection(html, story).Write();
                    foreach (GameStory game in story.Games.Where(game => game.Game.Claims.Count > 1))
                    {
                        WriteGame(html, story, game);
                    }

                    new TimelineSection(html, story).Write();
                    CheckSection.Write(html, story);
                }
            }
        }

        html.Line();
        return html.ToString();
    }

    private static void WriteHead(HtmlWriter html, Story story)
    {
        using (html.Open("head"))
        {
            html.Empty("meta", ("charset", "utf-8"));
            html.Empty("meta", ("http-equiv", "Content-Security-Policy"), ("content", Policy));
            html.Empty("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
            html.Empty("meta", ("name", "color-scheme"), ("content", "light dark"));
            html.Element("title", story.Title);
            html.Line();
            using (html.Open("style"))
            {
                html.Trusted(ReadStyle());
            }
        }

        html.Line();
    }

    private static string ReadStyle()
    {
        using Stream stream = typeof(StoryPage).Assembly.GetManifestResourceStream(StyleName)!;
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static void WriteHeader(HtmlWriter html, Story story)
    {
        using (html.Open("header"))
        {
            html.Element("h1", story.Title);
            html.Element("p", story.Summary, ("class", "summary"));
            int held = story.Expectations.Count(expectation => expectation.Held);
            using (html.Open("ul", ("class", "cards")))
            {
                foreach (StoryFact figure in story.Figures)
                {
                    using (html.Open("li"))
                    {
                        html.Element("b", figure.Value);
                        html.Element("span", figure.Name);
                    }
                }

                using (html.Open("li", ("class", story.Held ? "good" : "bad")))
                {
                    html.Element("b", $"{(story.Held ? "✓" : "✗")} {held} of {story.Expectations.Count}");
                    html.Element("span", "expectations held");
                }
            }

            using (html.Open("p", ("class", "legend")))
            {
                foreach (Actor actor in story.Actors)
                {
                    using (html.Open(
                        "span",
                        ("class", $"key {ClaimTreeDrawing.ClassOf(actor.Role)}"),
                        ("title", actor.Address.ToString())))
                    {
                        PageMark.Write(html, actor.Role);
                        html.Text(actor.Name);
                    }
                }
            }
        }

        html.Line();
    }

    private static void WriteGame(HtmlWriter html, Story story, GameStory game)
    {
        BigInteger bonds = game.Deposits.Values.Aggregate(BigInteger.Zero, BigInteger.Add);
        using (html.Open("section", ("class", "game")))
        {
            html.Element("h2", $"The dispute about {game.Name}");
            html.Element(
                "p",
                $"Game {game.Address}, {Wording.Number(game.Game.Claims.Count)} claims, "
                    + $"{Wording.RoundedEther(bonds)} of bonds.",
                ("class", "lead"));
            new ClaimTreeSection(html, story, game).Write();
            new BondSection(html, story, game).Write();
        }

        html.Line();
    }
}
