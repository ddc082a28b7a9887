using System.Numerics;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Pages;

/// <summary>Shows who put up bonds in a game, and who was paid from them.</summary>
internal sealed class BondSection(HtmlWriter html, Story story, GameStory told)
{
    /// <summary>Writes a table; nothing for a game without bonds.</summary>
    public void Write()
    {
        Address[] accounts = [.. told.Deposits.Keys.Union(told.Payments.Keys)];
        if (accounts.Length == 0)
        {
            return;
        }

        BigInteger largest = accounts.Max(account => BigInteger.Max(Paid(account), Got(account)));
        html.Element("h3", "Where the bonds went");
        using (html.Open("div", ("class", "scroll")))
        {
            using (html.Open("table", ("class", "bonds")))
            {
                WriteHead();
                using (html.Open("tbody"))
                {
                    foreach (Address account in accounts.OrderByDescending(each => Got(each) - Paid(each)))
                    {
                        WriteAccount(account, largest);
                    }
                }
            }
        }

        BigInteger rest = accounts.Aggregate(
            BigInteger.Zero, (sum, account) => sum + Paid(account) - Got(account));
        html.Element(
            "p",
            rest.IsZero
                ? "What was paid out is what was put up, to the wei."
                : $"{Wording.Ether(rest)} of what was put up has not been paid out.",
            ("class", "coverage"));
    }

    private void WriteHead()
    {
        using (html.Open("thead"))
        {
            using (html.Open("tr"))
            {
                foreach (string name in new[] { "account", "put up", "was paid", "gain or loss" })
                {
                    html.Element("th", name, ("scope", "col"));
                }
            }
        }
    }

    private void WriteAccount(Address account, BigInteger largest)
    {
        Actor? actor = story.FindActor(account);
        ActorRole role = actor?.Role ?? ActorRole.Neutral;
        BigInteger gain = Got(account) - Paid(account);
        using (html.Open("tr", ("class", ClaimTreeDrawing.ClassOf(role))))
        {
            using (html.Open("th", ("scope", "row"), ("title", account.ToString())))
            {
                PageMark.Write(html, role);
                html.Text(actor?.Name ?? Wording.Abridge(account));
            }

            WriteAmount(Paid(account), largest);
            WriteAmount(Got(account), largest);
            html.Element(
                "td",
                (gain.Sign > 0 ? "+" : "") + Wording.RoundedEther(gain),
                ("class", gain.Sign < 0 ? "loss" : "gain"),
                ("title", Wording.Ether(gain)));
        }

        html.Line();
    }

    private void WriteAmount(BigInteger wei, BigInteger largest)
    {
        int percent = largest.IsZero ? 0 : (int)(100 * wei / largest);
        using (html.Open("td", ("title", Wording.Ether(wei))))
        {
            html.Text(Wording.RoundedEther(wei));
            PageMark.WriteBar(html, percent);
        }
    }

    private BigInteger Paid(Address account) => told.Deposits.GetValueOrDefault(account);

    private BigInteger Got(Address account) => told.Payments.GetValueOrDefault(account);
}
