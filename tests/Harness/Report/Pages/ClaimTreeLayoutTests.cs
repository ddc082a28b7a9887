using System.Numerics;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Values;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Report.Pages;

public sealed class ClaimTreeLayoutTests(ITestOutputHelper output)
{
    private const int Depth = 12;

    [Fact]
    public void Branches_of_random_trees_never_meet()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 200; round++)
        {
            Game game = RandomGame(random, random.Next(1, 60));
            ClaimTreeLayout layout = new(game);
            List<Claim> rows = [.. layout.Rows];
            Assert.Equal(game.Claims, rows.OrderBy(claim => claim.Index));
            Assert.Equal(rows.OrderBy(claim => claim.Position.Depth), rows);
            Assert.Equal(layout.ColumnCount, rows.Select(layout.ColumnOf).Distinct().Count());
            for (int row = 1; row < rows.Count; row++)
            {
                // Between a claim and the one it answers nothing else is in its column.
                int from = rows.IndexOf(game.ParentOf(rows[row])!);
                Assert.InRange(from, 0, row - 1);
                Assert.DoesNotContain(
                    rows[(from + 1)..row],
                    other => layout.ColumnOf(other) == layout.ColumnOf(rows[row]));
            }
        }
    }

    [Fact]
    public void A_tree_without_branches_has_one_column()
    {
        List<Claim> claims = [ClaimOf(0, null, Position.Root)];
        while (claims.Count <= Depth)
        {
            claims.Add(ClaimOf(claims.Count, claims.Count - 1, claims[^1].Position.Attack()));
        }

        Assert.Equal(1, new ClaimTreeLayout(GameOf(claims)).ColumnCount);
    }

    private static Game RandomGame(Random random, int count)
    {
        List<Claim> claims = [ClaimOf(0, null, Position.Root)];
        while (claims.Count < count)
        {
            Claim parent = claims[random.Next(claims.Count)];
            if (parent.Position.Depth < Depth)
            {
                bool isAttack = parent.IsRoot || random.Next(2) == 0;
                claims.Add(ClaimOf(claims.Count, parent.Index, parent.Position.Move(isAttack)));
            }
        }

        return GameOf(claims);
    }

    private static Claim ClaimOf(int index, int? parent, Position position) => new()
    {
        Index = index,
        ParentIndex = parent,
        Position = position,
        Value = Bytes32.FromInteger(index),
        Claimant = default,
    };

    private static Game GameOf(IReadOnlyList<Claim> claims) => new(
        new GameRules
        {
            MaxDepth = Depth,
            SplitDepth = 4,
            MaxClockSeconds = 10,
            ClockExtensionSeconds = 1,
            AbsolutePrestate = default,
            Bonds = [.. Enumerable.Repeat(BigInteger.One, Depth + 1)],
        },
        claims);
}
