using Culverin.Harness.Disputes.Games;

namespace Culverin.Harness.Report.Pages;

/// <summary>
/// Where each claim of a tree is drawn: one row for each claim, the higher first, of one depth the more
/// left first; and as many columns as branches are side by side somewhere.
/// </summary>
internal sealed class ClaimTreeLayout
{
    private readonly Game _game;
    private readonly Dictionary<int, int> _columns = [];
    private readonly Dictionary<int, int> _rows = [];

    // The last row that each column is used in.
    private readonly List<int> _usedUntil = [];

    /// <summary>Places the claims of a game.</summary>
    public ClaimTreeLayout(Game game)
    {
        _game = game;
        Rows =
        [
            .. game.Claims
                .OrderBy(claim => claim.Position.Depth)
                .ThenBy(claim => claim.Position)
                .ThenBy(claim => claim.Index),
        ];
        for (int row = 0; row < Rows.Count; row++)
        {
            _rows[Rows[row].Index] = row;
        }

        foreach (Claim claim in Rows)
        {
            Place(claim);
        }
    }

    /// <summary>The claims in the order of their rows.</summary>
    public IReadOnlyList<Claim> Rows { get; }

    /// <summary>How many columns there are.</summary>
    public int ColumnCount => _usedUntil.Count;

    /// <summary>The column of a claim, from 0.</summary>
    public int ColumnOf(Claim claim) => _columns[claim.Index];

    // The first answer goes on in its claim's column; each further one begins a branch, from the row of
    // that claim on, in the first column that is free from there.
    private void Place(Claim claim)
    {
        Claim? parent = _game.ParentOf(claim);
        if (parent is not null && FirstAnswer(parent) == claim)
        {
            _columns[claim.Index] = _columns[parent.Index];
            return;
        }

        int from = parent is null ? 0 : _rows[parent.Index];
        int column = _usedUntil.FindIndex(row => row < from);
        if (column < 0)
        {
            column = _usedUntil.Count;
            _usedUntil.Add(0);
        }

        _columns[claim.Index] = column;
        Claim last = claim;
        while (FirstAnswer(last) is { } next)
        {
            last = next;
        }

        _usedUntil[column] = _rows[last.Index];
    }

    private Claim? FirstAnswer(Claim claim) => _game.ChildrenOf(claim).MinBy(answer => _rows[answer.Index]);
}
