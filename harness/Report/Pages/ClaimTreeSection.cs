using System.Globalization;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Report.Pages;

/// <summary>Tells of one disputed game: its claim tree, claim by claim, and the step at its end.</summary>
internal sealed class ClaimTreeSection(HtmlWriter html, Story story, GameStory told)
{
    private readonly ClaimText _text = new(story, told);
    private readonly ClaimTreeDrawing _drawing = new(html, story, told);

    /// <summary>Writes drawing and list side by side.</summary>
    public void Write()
    {
        WriteLegend();
        IReadOnlyList<Claim> claims = _drawing.Rows;
        int outputCount = claims.Count(told.Game.IsOutput);
        bool hasExecution = outputCount < claims.Count;

        // A heading row before each half, and the step after all claims.
        Dictionary<int, int> rowOf = [];
        for (int place = 0; place < claims.Count; place++)
        {
            rowOf[claims[place].Index] = place + (place < outputCount ? 1 : 2);
        }

        int rowCount = claims.Count + (hasExecution ? 2 : 1);
        if (told.Step is not null)
        {
            rowOf[claims.Count] = rowCount++;
        }

        using (html.Open("div", ("class", "tree-box")))
        {
            _drawing.Write(rowOf, rowCount);
            using (html.Open("ol", ("class", "claims")))
            {
                WriteHalf("Output half", "which block is the first wrong one?", "blocks left", "output");
                foreach (Claim claim in claims.Take(outputCount))
                {
                    WriteClaim(claim, "output");
                }

                if (hasExecution)
                {
                    WriteHalf(
                        "Execution half", "which step of the program is it?", "steps left", "execution");
                    foreach (Claim claim in claims.Skip(outputCount))
                    {
                        WriteClaim(claim, "execution");
                    }
                }

                if (told.Step is { } step)
                {
                    WriteStepRow(step);
                }
            }
        }

        html.Line();
        if (told.Step is { } settled)
        {
            WriteStep(settled);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void WriteLegend()
    {
        using (html.Open("p", ("class", "legend")))
        {
            foreach (ActorRole role in told.Game.Claims.Select(_text.Role).Distinct().Order())
            {
                IEnumerable<string> names = told.Game.Claims
                    .Where(claim => _text.Role(claim) == role)
                    .Select(_text.Claimant)
                    .Distinct();
                string kind = role switch
                {
                    ActorRole.Honest => "honest",
                    ActorRole.Dishonest => "dishonest",
                    _ => "unknown side",
                };
                using (html.Open("span", ("class", $"key {ClaimTreeDrawing.ClassOf(role)}")))
                {
                    PageMark.Write(html, role);
                    html.Text($"{string.Join(", ", names)} ({kind})");
                }
            }

            html.Element(
                "span",
                "Each row is a claim. It attacks the one above it (“that is wrong”) or defends it (“that is "
                    + "right, what follows is wrong”), and halves what is left in dispute. Filled marks "
                    + "stood in the end, hollow ones were refuted.",
                ("class", "hint"));
        }
    }

    private void WriteHalf(string title, string question, string remaining, string half)
    {
        using (html.Open("li", ("class", $"row half {half}")))
        {
            html.Element("span", "depth", ("class", "number"));
            using (html.Open("span", ("class", "say")))
            {
                html.Element("b", title);
                html.Text($" {question}");
            }

            html.Element("span", remaining, ("class", "left"));
            html.Element("span", "bond", ("class", "bond"));
            html.Element("span", "clock used", ("class", "clock"));
        }

        html.Line();
    }

    private void WriteClaim(Claim claim, string half)
    {
        string role = ClaimTreeDrawing.ClassOf(_text.Role(claim));
        using (html.Open(
            "li", ("class", $"row claim {half} {role}"), ("title", _text.Whole(claim))))
        {
            html.Element("span", Text(claim.Position.Depth), ("class", "number"));
            html.Element("span", _text.Claimant(claim), ("class", "who"));
            using (html.Open("span", ("class", "say")))
            {
                html.Element("span", _text.Move(claim), ("class", "move"));
                html.Text($": {_text.Place(claim)}");
                using (html.Open("span", ("class", "value")))
                {
                    html.Text(" → ");
                    html.Element("code", Wording.Abridge(claim.Value));
                }
            }

            WriteTruth(claim);
            WriteRemaining(claim);
            using (html.Open("span", ("class", "bond")))
            {
                html.Element("b", Wording.RoundedEther(claim.Bond));
                html.Text($" {_text.Outcome(claim)}");
            }

            html.Element("span", Wording.Duration(claim.Clock.DurationSeconds), ("class", "clock"));
        }

        html.Line();
    }

    private void WriteTruth(Claim claim)
    {
        using (html.Open("span", ("class", "verdict")))
        {
            if (_text.Truth(claim) is { } truth)
            {
                html.Element("span", truth, ("class", $"truth {truth}"));
            }
        }
    }

    private void WriteRemaining(Claim claim)
    {
        int levels = int.Max(1, _text.HalfLevels(claim));
        int percent = 100 * _text.RemainingLevels(claim) / levels;
        using (html.Open("span", ("class", "left")))
        {
            PageMark.WriteBar(html, percent);
            html.Element("span", Wording.Number(_text.Remaining(claim)), ("class", "count"));
        }
    }

    private void WriteStepRow(StepStory step)
    {
        using (html.Open("li", ("class", "row claim settled")))
        {
            html.Element("span", "", ("class", "number"));
            html.Element("span", step.Actor, ("class", "who"));
            using (html.Open("span", ("class", "say")))
            {
                html.Element("span", "steps", ("class", "move"));
                html.Text($" against {Text(step.ClaimIndex)}: the MIPS contract executes ");
                html.Element("code", step.Instruction);
            }
        }

        html.Line();
    }

    private void WriteStep(StepStory step)
    {
        using (html.Open("div", ("class", "step-box")))
        {
            html.Element("h3", "The step that settled it");
            using (html.Open("p"))
            {
                html.Text(
                    $"Of {Wording.Number(step.RunSteps)} steps one was left in dispute: number "
                    + $"{Wording.Number(step.StepNumber + 1)}, ");
                html.Element("code", step.Instruction);
                html.Text(
                    $". {step.Actor} brought the state before it and the memory proofs; the contract "
                    + $"executed it in {Wording.Number(step.Transaction.Gas)} gas.");
                html.Text(step.Preimage is { } preimage ? $" It read {preimage}." : "");
            }

            using (html.Open("dl", ("class", "hashes")))
            {
                WriteHash("before, agreed on by both", step.Before.ToString(), "");
                WriteHash("after, by the contract", step.After.ToString(), "right");
                WriteHash($"after, by claim {Text(step.ClaimIndex)}", step.Claimed.ToString(), "wrong");
                WriteHash("transaction", step.Transaction.Hash.ToString(), "");
            }
        }

        html.Line();
    }

    private void WriteHash(string name, string hash, string state)
    {
        html.Element("dt", name);
        html.Element("dd", hash, ("class", state));
    }
}
