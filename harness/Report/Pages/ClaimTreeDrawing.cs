using System.Globalization;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Report.Stories;

namespace Culverin.Harness.Report.Pages;

/// <summary>
/// Draws a claim tree as SVG beside the list that tells of it. One unit of height is one row of the list,
/// whose height in pixels the style sheet decides, so that both fit at every width of the page.
/// </summary>
internal sealed class ClaimTreeDrawing(HtmlWriter html, Story story, GameStory told)
{
    // Pixels. Of the two lanes of a column the right one is the dishonest side's.
    private const int ColumnWidth = 64;
    private const int HonestLane = 18;
    private const int DishonestLane = 46;
    private const int NeutralLane = 32;
    private const int NodeRadius = 11;

    private readonly ClaimText _text = new(story, told);
    private readonly ClaimTreeLayout _layout = new(told.Game);
    private readonly Dictionary<int, int> _rows = [];

    /// <summary>Draws the tree.</summary>
    /// <param name="rowOf">The list's row of each claim by its index, and of the step after all.</param>
    /// <param name="rowCount">How many rows the list has.</param>
    public void Write(IReadOnlyDictionary<int, int> rowOf, int rowCount)
    {
        foreach ((int index, int row) in rowOf)
        {
            _rows[index] = row;
        }

        string width = Text(_layout.ColumnCount * ColumnWidth);
        using (html.Open(
            "svg",
            ("class", "tree"),
            ("width", width),
            ("style", $"--rows:{Text(rowCount)}"),
            ("role", "img"),
            ("aria-label", $"Claim tree of {told.Name}: {Text(told.Game.Claims.Count)} claims")))
        {
            using (html.Open("g", ("class", "edges")))
            {
                foreach (Claim claim in _layout.Rows)
                {
                    WriteEdge(claim);
                }

                WriteStepEdge(rowOf);
            }

            foreach (Claim claim in _layout.Rows)
            {
                WriteNode(claim);
            }

            WriteStepNode(rowOf);
        }
    }

    /// <summary>The claims in the order in which the list has to tell of them.</summary>
    public IReadOnlyList<Claim> Rows => _layout.Rows;

    /// <summary>The class of the style sheet for a side.</summary>
    public static string ClassOf(ActorRole role) => role switch
    {
        ActorRole.Honest => "honest",
        ActorRole.Dishonest => "dishonest",
        _ => "neutral",
    };

    /// <summary>Draws a side's mark round a point: a circle, a diamond or a square.</summary>
    public static void WriteMark(HtmlWriter html, ActorRole role, int x, int radius)
    {
        if (role == ActorRole.Honest)
        {
            html.Empty("circle", ("cx", Text(x)), ("cy", "0"), ("r", Text(radius)));
        }
        else
        {
            int half = radius * (role == ActorRole.Dishonest ? 10 : 9) / 10;
            string turn = role == ActorRole.Dishonest ? $"rotate(45 {Text(x)} 0)" : "";
            html.Empty(
                "rect",
                ("x", Text(x - half)),
                ("y", Text(-half)),
                ("width", Text(2 * half)),
                ("height", Text(2 * half)),
                ("rx", "2"),
                ("transform", turn));
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Middle(int row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row}.5");

    private static int LaneOf(ActorRole role) => role switch
    {
        ActorRole.Honest => HonestLane,
        ActorRole.Dishonest => DishonestLane,
        _ => NeutralLane,
    };

    private int Left(Claim claim) => (_layout.ColumnOf(claim) * ColumnWidth) + LaneOf(_text.Role(claim));

    private void WriteEdge(Claim claim)
    {
        if (told.Game.ParentOf(claim) is not { } parent)
        {
            return;
        }

        html.Empty(
            "line",
            ("class", "edge"),
            ("x1", Text(Left(parent))),
            ("y1", Middle(_rows[parent.Index])),
            ("x2", Text(Left(claim))),
            ("y2", Middle(_rows[claim.Index])));
    }

    private void WriteStepEdge(IReadOnlyDictionary<int, int> rowOf)
    {
        if (told.Step is { } step && rowOf.TryGetValue(told.Game.Claims.Count, out int row))
        {
            Claim claim = told.Game.Claims[step.ClaimIndex];
            html.Empty(
                "line",
                ("class", "edge"),
                ("x1", Text(Left(claim))),
                ("y1", Middle(_rows[claim.Index])),
                ("x2", Text(StepLeft(step))),
                ("y2", Middle(row)));
        }
    }

    private int StepLeft(StepStory step) =>
        (_layout.ColumnOf(told.Game.Claims[step.ClaimIndex]) * ColumnWidth)
        + LaneOf(story.FindActor(step.Actor)?.Role ?? ActorRole.Neutral);

    private void WriteNode(Claim claim)
    {
        ActorRole role = _text.Role(claim);
        string state = claim.CounteredBy is null ? " stands" : "";
        using (html.Open(
            "g",
            ("class", $"node {ClassOf(role)}{state}"),
            ("style", $"--row:{Text(_rows[claim.Index])}")))
        {
            html.Element("title", _text.Whole(claim));
            WriteMark(html, role, Left(claim), NodeRadius);
            html.Element("text", Text(claim.Index), ("x", Text(Left(claim))), ("y", "3.5"));
        }
    }

    private void WriteStepNode(IReadOnlyDictionary<int, int> rowOf)
    {
        if (told.Step is not { } step || !rowOf.TryGetValue(told.Game.Claims.Count, out int row))
        {
            return;
        }

        int left = StepLeft(step);
        using (html.Open("g", ("class", "step-node"), ("style", $"--row:{Text(row)}")))
        {
            html.Element("title", $"Step by {step.Actor}: {step.Instruction}");
            html.Empty(
                "path",
                ("d", $"M{Text(left - 13)} 0 l7 -12 h12 l7 12 l-7 12 h-12 z"));
            html.Element("text", "✓", ("x", Text(left)), ("y", "4"));
        }
    }
}
