using System.Collections.Generic;
using System.Linq;
using Culverin.Harness.Disputes;

namespace Culverin.Harness.Report;

/// <summary>
/// Where each claim of a tree is drawn: one row for each claim, the higher first, of one depth the more
/// left first; as many columns as it has branches.
/// </summary>
internal sealed class ClaimTreeLayout
{
    private readonly Game _game;
    private readonly Dictionary<int, int> _columns = [];

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
        Place();
    }

    /// <summary>The claims in the order of their rows.</summary>
    public IReadOnlyList<Claim> Rows { get; }

    /// <summary>How many columns there are.</summary>
    public int ColumnCount { get; private set; }

    /// <summary>The column of a claim, from 0.</summary>
    public int ColumnOf(Claim claim) => _columns[claim.Index];

    // The first answer goes on in its claim's column; each further one begins a column. A stack, since a
    // tree may be deeper than calls can be.
    private void Place()
    {
        Stack<(Claim Claim, bool BeginsColumn)> waiting = new([(_game.Root, true)]);
        while (waiting.TryPop(out (Claim Claim, bool BeginsColumn) next))
        {
            int column = next.BeginsColumn
                ? ColumnCount++
                : _columns[next.Claim.ParentIndex!.Value];
            _columns[next.Claim.Index] = column;
            Claim[] answers = [.. _game.ChildrenOf(next.Claim).OrderBy(answer => answer.Position)];
            for (int index = answers.Length - 1; index >= 0; index--)
            {
                waiting.Push((answers[index], index > 0));
            }
        }
    }
}
