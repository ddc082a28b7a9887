using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Report.Pages;

/// <summary>Tells all events, chapter by chapter; many small ones in a row are folded.</summary>
internal sealed class TimelineSection(HtmlWriter html, Story story)
{
    private const int UnfoldedMax = 3;

    private readonly ulong _start =
        story.Timeline.Select(entry => entry.TimestampSeconds).DefaultIfEmpty().Min();

    /// <summary>Writes the section.</summary>
    public void Write()
    {
        using (html.Open("section", ("class", "timeline")))
        {
            html.Element("h2", "Everything that happened");
            int place = 0;
            while (place < story.Timeline.Count)
            {
                string chapter = story.Timeline[place].Chapter;
                List<TimelineEntry> entries =
                    [.. story.Timeline.Skip(place).TakeWhile(entry => entry.Chapter == chapter)];
                html.Element("h3", chapter);
                WriteChapter(entries);
                place += entries.Count;
            }
        }

        html.Line();
    }

    private static bool IsSmall(TimelineEntry entry) =>
        entry.Kind is EntryKind.Move or EntryKind.Routine;

    private void WriteChapter(List<TimelineEntry> entries)
    {
        using (html.Open("ol", ("class", "events")))
        {
            int place = 0;
            while (place < entries.Count)
            {
                List<TimelineEntry> small = [.. entries.Skip(place).TakeWhile(IsSmall)];
                if (small.Count > UnfoldedMax)
                {
                    WriteFolded(small);
                    place += small.Count;
                }
                else
                {
                    WriteEntry(entries[place]);
                    place++;
                }
            }
        }

        html.Line();
    }

    private void WriteFolded(List<TimelineEntry> entries)
    {
        string what = entries.All(entry => entry.Kind == EntryKind.Move) ? "moves" : "transactions";
        using (html.Open("li", ("class", "folded")))
        {
            using (html.Open("details"))
            {
                html.Element(
                    "summary",
                    $"{Wording.Number(entries.Count)} {what}, "
                        + $"{Wording.Time(entries[0].TimestampSeconds, _start)} to "
                        + $"{Wording.Time(entries[^1].TimestampSeconds, _start)}");
                using (html.Open("ol", ("class", "events")))
                {
                    foreach (TimelineEntry entry in entries)
                    {
                        WriteEntry(entry);
                    }
                }
            }
        }

        html.Line();
    }

    private void WriteEntry(TimelineEntry entry)
    {
        ActorRole role = story.FindActor(entry.Actor)?.Role ?? ActorRole.Neutral;
        string refused = entry.Kind == EntryKind.Refusal ? " refused" : "";
        using (html.Open("li", ("class", $"event {ClaimTreeDrawing.ClassOf(role)}{refused}")))
        {
            html.Element("time", Wording.Time(entry.TimestampSeconds, _start));
            html.Element("span", Place(entry), ("class", $"chain c{(int)entry.Chain}"));
            using (html.Open("div", ("class", "what")))
            {
                if (entry.Actor.Length > 0)
                {
                    PageMark.Write(html, role);
                    html.Element("b", entry.Actor);
                    html.Text(" ");
                }

                html.Text(entry.Text);
                if (entry.Detail is { } detail)
                {
                    html.Element("div", detail, ("class", "detail"));
                }
            }

            WriteNumbers(entry);
        }

        html.Line();
    }

    private static string Place(TimelineEntry entry) => (entry.Chain, entry.BlockNumber) switch
    {
        (StoryChain.None, _) => "",
        ({ } chain, { } block) => $"{chain} {Wording.Number(block)}",
        ({ } chain, _) => $"{chain}",
    };

    private void WriteNumbers(TimelineEntry entry)
    {
        using (html.Open("div", ("class", "numbers")))
        {
            if (entry.AmountWei is { } wei)
            {
                html.Element("span", Wording.RoundedEther(wei), ("title", Wording.Ether(wei)));
            }

            if (entry.Gas is { } gas)
            {
                html.Element("span", $"{Wording.Number(gas)} gas");
            }

            if (entry.Transaction is { } hash)
            {
                html.Element("code", Wording.Abridge(hash), ("title", hash.ToString()));
            }
        }
    }
}
