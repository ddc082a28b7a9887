using System.Globalization;

namespace Culverin.Harness.Values;

/// <summary>
/// A node of a game's binary tree, as a generalized index: the root is 1, the children of p are 2p and
/// 2p + 1. A claim at a position commits to the rightmost leaf under it (source: the contracts' LibPosition).
/// </summary>
public readonly record struct Position : IComparable<Position>
{
    /// <summary>Deepest level of a position that the contracts know.</summary>
    public const int DepthMax = 125;

    private readonly UInt128 _offset;

    /// <summary>
    /// Takes a generalized index; throws <see cref="ChainException"/> for 0 and for one below <see
    /// cref="DepthMax"/>, except the level under it, where steps are.
    /// </summary>
    public Position(UInt128 generalizedIndex)
    {
        if (generalizedIndex == 0 || generalizedIndex >> (DepthMax + 2) != 0)
        {
            throw new ChainException(
                ChainFailure.Abi, $"{generalizedIndex} is not the position of a claim or of a step.");
        }

        _offset = generalizedIndex - 1;
    }

    /// <summary>The position of the root claim; also the default value.</summary>
    public static Position Root { get; } = new(1);

    /// <summary>The generalized index: 2 to the depth, plus the index at that depth.</summary>
    public UInt128 GeneralizedIndex => _offset + 1;

    /// <summary>Levels below the root.</summary>
    public int Depth => 127 - (int)UInt128.LeadingZeroCount(GeneralizedIndex);

    /// <summary>How many positions of the same depth are to the left.</summary>
    public UInt128 IndexAtDepth => GeneralizedIndex - (UInt128.One << Depth);

    /// <summary>The node above; throws <see cref="ChainException"/> at the root.</summary>
    public Position Parent => new(GeneralizedIndex >> 1);

    /// <summary>Where an attack on this position goes: the left child.</summary>
    public Position Attack() => new(GeneralizedIndex << 1);

    /// <summary>Where a defence of this position goes: the left child of the right neighbour.</summary>
    public Position Defend() => new((GeneralizedIndex | 1) << 1);

    /// <summary>Where a move against this position goes.</summary>
    public Position Move(bool isAttack) => isAttack ? Attack() : Defend();

    /// <summary>The left neighbour; throws <see cref="ChainException"/> at the left edge.</summary>
    public Position Left() => IndexAtDepth > 0
        ? new Position(GeneralizedIndex - 1)
        : throw new UndecidableException($"Nothing is left of position {this}.");

    /// <summary>The right neighbour; throws <see cref="ChainException"/> at the right edge.</summary>
    public Position Right() => (GeneralizedIndex & (GeneralizedIndex + 1)) != 0
        ? new Position(GeneralizedIndex + 1)
        : throw new UndecidableException($"Nothing is right of position {this}.");

    /// <summary>The rightmost position of a depth, not above this one's, under this one.</summary>
    public Position RightIndex(int depth)
    {
        int remaining = Remaining(depth);
        return new Position((GeneralizedIndex << remaining) | ((UInt128.One << remaining) - 1));
    }

    /// <summary>The index of the leaf that a claim here commits to, in a tree of that depth.</summary>
    public UInt128 TraceIndex(int maxDepth) => RightIndex(maxDepth).IndexAtDepth;

    /// <summary>The highest position that commits to the same leaf.</summary>
    public Position TraceAncestor()
    {
        int ones = (int)UInt128.TrailingZeroCount(~GeneralizedIndex);
        UInt128 ancestor = GeneralizedIndex >> ones;
        return new Position(ancestor == 0 ? 1 : ancestor);
    }

    /// <summary>
    /// The same, but below a level; throws <see cref="ChainException"/> when this position is not below it.
    /// </summary>
    public Position TraceAncestorBelow(int level)
    {
        if (Depth <= level)
        {
            throw new ChainException(ChainFailure.Abi, $"Position {this} is not below level {level}.");
        }

        Position ancestor = TraceAncestor();
        return ancestor.Depth <= level ? ancestor.RightIndex(level + 1) : ancestor;
    }

    /// <summary>The ancestor at a level that is not below this one's.</summary>
    public Position AncestorAt(int level) => level >= 0 && level <= Depth
        ? new Position(GeneralizedIndex >> (Depth - level))
        : throw new ChainException(ChainFailure.Abi, $"Position {this} has no ancestor at level {level}.");

    /// <summary>This position in the tree whose root is its ancestor at a level.</summary>
    public Position RelativeTo(int level)
    {
        int depth = Depth - AncestorAt(level).Depth;
        UInt128 top = UInt128.One << depth;
        return new Position(top | (GeneralizedIndex & (top - 1)));
    }

    /// <summary>By the generalized index: higher first, then the more left first.</summary>
    public int CompareTo(Position other) => GeneralizedIndex.CompareTo(other.GeneralizedIndex);

    /// <summary>True when this one is higher, or more left at the same depth.</summary>
    public static bool operator <(Position left, Position right) => left.CompareTo(right) < 0;

    /// <summary>True when this one is lower, or more right at the same depth.</summary>
    public static bool operator >(Position left, Position right) => left.CompareTo(right) > 0;

    /// <summary>The opposite of greater.</summary>
    public static bool operator <=(Position left, Position right) => left.CompareTo(right) <= 0;

    /// <summary>The opposite of less.</summary>
    public static bool operator >=(Position left, Position right) => left.CompareTo(right) >= 0;

    /// <summary>Depth and index, as "3/5".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Depth}/{IndexAtDepth}");

    private int Remaining(int depth) => depth >= Depth && depth <= DepthMax + 1
        ? depth - Depth
        : throw new ChainException(
            ChainFailure.Abi, $"Position {this} has nothing at level {depth} under it.");
}
