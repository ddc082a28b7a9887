using System.Globalization;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Values;

namespace Culverin.Harness.Report.Pages;

/// <summary>
/// Shows which L2 blocks each proposal covers, and where the withdrawals are: what covers one can prove it.
/// </summary>
internal sealed class ProposalSection(HtmlWriter html, Story story)
{
    /// <summary>Writes the section; nothing for a story without proposals.</summary>
    public void Write()
    {
        if (story.Games.Count == 0)
        {
            return;
        }

        ulong last = story.Games.Max(game => game.Game.ClaimedBlock);
        using (html.Open("section", ("class", "proposals")))
        {
            html.Element("h2", "What was proposed on L1");
            html.Element(
                "p",
                "A proposal claims the state of L2 after a block. It can prove a withdrawal only if that "
                    + "block comes at or after the withdrawal’s.",
                ("class", "lead"));
            using (html.Open("ol", ("class", "bars")))
            {
                foreach (GameStory game in story.Games)
                {
                    WriteProposal(game, last);
                }
            }
        }

        html.Line();
    }

    private static string Percent(ulong block, ulong last) => string.Create(
        CultureInfo.InvariantCulture, $"{100.0 * block / ulong.Max(1, last):0.###}%");

    private void WriteProposal(GameStory game, ulong last)
    {
        ActorRole role = story.FindActor(game.Game.Root.Claimant)?.Role ?? ActorRole.Neutral;
        bool isLost = game.Game.Status == GameStatus.ChallengerWins;
        string end = game.Game.Status switch
        {
            GameStatus.ChallengerWins => "✗ refuted",
            GameStatus.DefenderWins => "✓ stands",
            _ => "… open",
        };
        using (html.Open("li", ("class", ClaimTreeDrawing.ClassOf(role))))
        {
            using (html.Open("p"))
            {
                PageMark.Write(html, role);
                html.Element("b", game.Name);
                html.Text($" claims block {Wording.Number(game.Game.ClaimedBlock)}: ");
                html.Element("code", Wording.Abridge(game.Game.Root.Value));
                html.Text(" ");
                html.Element("span", end, ("class", isLost ? "truth wrong" : "truth right"));
            }

            WriteBar(game, last, isLost);
            html.Element("p", Coverage(game), ("class", "coverage"));
        }

        html.Line();
    }

    private void WriteBar(GameStory game, ulong last, bool isLost)
    {
        string name = $"Blocks 1 to {Wording.Number(game.Game.ClaimedBlock)} of {Wording.Number(last)}";
        using (html.Open(
            "svg", ("class", "bar-box"), ("width", "100%"), ("height", "26"), ("role", "img")))
        {
            html.Element("title", name);
            html.Empty(
                "rect", ("class", "track"), ("width", "100%"), ("height", "12"), ("y", "7"), ("rx", "3"));
            html.Empty(
                "rect",
                ("class", isLost ? "cover lost" : "cover"),
                ("width", Percent(game.Game.ClaimedBlock, last)),
                ("height", "12"),
                ("y", "7"),
                ("rx", "3"));
            foreach (WithdrawalStory withdrawal in story.Withdrawals)
            {
                ActorRole role = story.FindActor(withdrawal.Actor)?.Role ?? ActorRole.Neutral;
                string place = Percent(withdrawal.BlockNumber, last);
                using (html.Open("g", ("class", $"pin {ClaimTreeDrawing.ClassOf(role)}")))
                {
                    html.Element(
                        "title", $"{withdrawal.Name}, L2 block {Wording.Number(withdrawal.BlockNumber)}");
                    html.Empty("line", ("x1", place), ("x2", place), ("y1", "0"), ("y2", "26"));
                }
            }
        }
    }

    private string Coverage(GameStory game)
    {
        bool isForged = story.FindActor(game.Game.Root.Claimant)?.Role == ActorRole.Dishonest;
        IEnumerable<string> texts = story.Withdrawals
            .Where(withdrawal =>
                isForged || story.FindActor(withdrawal.Actor)?.Role != ActorRole.Dishonest)
            .Select(withdrawal => withdrawal.BlockNumber <= game.Game.ClaimedBlock
                ? $"covers {withdrawal.Name} of block {Wording.Number(withdrawal.BlockNumber)}"
                : $"ends before {withdrawal.Name} of block {Wording.Number(withdrawal.BlockNumber)}");
        return string.Join("; ", texts);
    }
}
