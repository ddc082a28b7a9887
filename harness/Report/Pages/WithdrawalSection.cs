using System.Globalization;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Report.Pages;

/// <summary>Shows each withdrawal's way, stage by stage, by L1's clock.</summary>
internal sealed class WithdrawalSection(HtmlWriter html, Story story)
{
    /// <summary>Writes the section; nothing for a story without withdrawals.</summary>
    public void Write()
    {
        if (story.Withdrawals.Count == 0)
        {
            return;
        }

        ulong start = story.Timeline.Select(entry => entry.TimestampSeconds)
            .Concat(story.Withdrawals
                .SelectMany(each => each.Milestones)
                .Select(milestone => milestone.TimestampSeconds))
            .Min();
        using (html.Open("section", ("class", "withdrawals")))
        {
            html.Element("h2", "The withdrawals");
            foreach (WithdrawalStory withdrawal in story.Withdrawals)
            {
                WriteWithdrawal(withdrawal, start);
            }
        }

        html.Line();
    }

    private void WriteWithdrawal(WithdrawalStory withdrawal, ulong start)
    {
        ActorRole role = story.FindActor(withdrawal.Actor)?.Role ?? ActorRole.Neutral;
        using (html.Open("article", ("class", $"journey {ClaimTreeDrawing.ClassOf(role)}")))
        {
            using (html.Open("h3"))
            {
                PageMark.Write(html, role);
                html.Text($"{Capital(withdrawal.Name)}: {Wording.Ether(withdrawal.AmountWei)} ");
                (string mark, string look) = withdrawal.End switch
                {
                    WithdrawalEnd.Paid => ("✓ paid", "truth right"),
                    WithdrawalEnd.Undelivered => ("✗ executed, nobody was paid", "truth wrong"),
                    WithdrawalEnd.Dead => ("✗ never paid", "truth wrong"),
                    _ => ("… open", "truth"),
                };
                html.Element("span", mark, ("class", look));
            }

            using (html.Open("ol", ("class", "stages")))
            {
                ulong? before = null;
                foreach (Milestone milestone in withdrawal.Milestones)
                {
                    WriteMilestone(milestone, before, start);
                    before = milestone.TimestampSeconds;
                }
            }

            html.Element("p", withdrawal.EndText, ("class", "end"));
            using (html.Open("p", ("class", "hash")))
            {
                html.Text("withdrawal ");
                html.Element("code", withdrawal.Hash.ToString());
            }
        }

        html.Line();
    }

    private void WriteMilestone(Milestone milestone, ulong? before, ulong start)
    {
        string waited = before is { } time && milestone.TimestampSeconds > time
            ? "+" + Wording.Duration(milestone.TimestampSeconds - time)
            : "";
        using (html.Open("li"))
        {
            html.Element("span", waited, ("class", "waited"));
            html.Element("b", milestone.Name);
            html.Element("time", Wording.Time(milestone.TimestampSeconds, start));
            html.Element("span", milestone.Text, ("class", "text"));
        }
    }

    private static string Capital(string text) =>
        text.Length == 0 ? text : char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];
}
