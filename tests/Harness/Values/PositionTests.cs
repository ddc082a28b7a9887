using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Values;

/// <summary>Positions against plain trees: sets of leaves, not arithmetic.</summary>
public sealed class PositionTests
{
    private const int Depth = 7;

    [Fact]
    public void A_position_is_where_walking_down_leads()
    {
        foreach ((Position position, int[] leaves, int depth) in Walk())
        {
            Assert.Equal(depth, position.Depth);
            Assert.Equal((UInt128)(leaves[0] / leaves.Length), position.IndexAtDepth);
            Assert.Equal((UInt128)leaves[^1], position.TraceIndex(Depth));
            Assert.Equal((UInt128)leaves[^1], position.RightIndex(Depth).IndexAtDepth);
        }
    }

    [Fact]
    public void A_trace_ancestor_is_the_highest_node_that_ends_at_the_same_leaf()
    {
        List<(Position Position, int[] Leaves, int Depth)> nodes = [.. Walk()];
        foreach ((Position position, int[] leaves, _) in nodes)
        {
            Position highest = nodes.Where(node => node.Leaves[^1] == leaves[^1]).MinBy(node => node.Depth)
                .Position;
            Assert.Equal(highest, position.TraceAncestor());
            foreach (int level in Enumerable.Range(0, position.Depth))
            {
                Position below = nodes
                    .Where(node => node.Leaves[^1] == leaves[^1] && node.Depth > level)
                    .MinBy(node => node.Depth)
                    .Position;
                Assert.Equal(below, position.TraceAncestorBelow(level));
            }
        }
    }

    [Fact]
    public void An_attack_halves_what_is_before_and_a_defence_what_comes_after()
    {
        foreach ((Position position, int[] leaves, int depth) in Walk().Where(node => node.Depth < Depth))
        {
            int half = leaves.Length / 2;
            Assert.Equal((UInt128)leaves[half - 1], position.Attack().TraceIndex(Depth));
            if (depth > 0 && position.GeneralizedIndex % 2 == 0)
            {
                Assert.Equal((UInt128)(leaves[^1] + half), position.Defend().TraceIndex(Depth));
                Assert.Equal(position.Right().Attack(), position.Defend());
            }
        }
    }

    [Fact]
    public void A_position_in_a_subtree_commits_to_the_same_place()
    {
        foreach ((Position position, int[] leaves, int depth) in Walk())
        {
            foreach (int level in Enumerable.Range(0, depth + 1))
            {
                Position top = position.AncestorAt(level);
                UInt128 before = top.IndexAtDepth << (Depth - level);
                Assert.Equal(
                    (UInt128)leaves[^1] - before, position.RelativeTo(level).TraceIndex(Depth - level));
            }
        }
    }

    [Fact]
    public void Production_depths_fit()
    {
        Position step = Position.Root;
        for (int depth = 0; depth <= Position.DepthMax; depth++)
        {
            Assert.Equal(depth, step.Depth);
            step = step.Attack();
        }

        Assert.Equal((UInt128.One << 73) - 1, Position.Root.TraceIndex(73));
        Assert.Throws<ChainException>(() => step.Attack());
        Assert.Throws<ChainException>(() => new Position(0));
        Assert.Throws<UndecidableException>(() => Position.Root.Left());
        Assert.Throws<UndecidableException>(() => Position.Root.Right());
        Assert.Throws<ChainException>(() => Position.Root.TraceAncestorBelow(0));
    }

    private static IEnumerable<(Position Position, int[] Leaves, int Depth)> Walk()
    {
        Queue<(Position Position, int[] Leaves, int Depth)> waiting = new();
        waiting.Enqueue((Position.Root, [.. Enumerable.Range(0, 1 << Depth)], 0));
        while (waiting.TryDequeue(out (Position Position, int[] Leaves, int Depth) node))
        {
            yield return node;
            if (node.Depth < Depth)
            {
                int half = node.Leaves.Length / 2;
                Position left = node.Position.Attack();
                waiting.Enqueue((left, node.Leaves[..half], node.Depth + 1));
                waiting.Enqueue((left.Right(), node.Leaves[half..], node.Depth + 1));
            }
        }
    }
}
