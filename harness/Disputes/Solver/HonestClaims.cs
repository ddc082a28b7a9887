using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Solver;

/// <summary>
/// The claims that the honest side has made or would make, whoever made them. Only what answers one of
/// them, or competes with one of them for a bond, concerns the honest side.
/// </summary>
internal sealed class HonestClaims
{
    private readonly HashSet<(int? Parent, Position Position, Bytes32 Value)> _claims = [];
    private readonly Dictionary<int, Position> _counters = [];

    /// <summary>Notes that the root claim is right.</summary>
    internal void AddRoot(Claim root) => _claims.Add((null, root.Position, root.Value));

    /// <summary>Notes the honest answer to a claim.</summary>
    internal void AddCounter(Claim against, Position position, Bytes32 value)
    {
        _claims.Add((against.Index, position, value));
        _counters[against.Index] = position;
    }

    /// <summary>
    /// Whether the honest side answers a claim: all that counters an honest claim; and freeloaders, which
    /// counter the same claim as an honest one and would take its reward as they are not right of it.
    /// </summary>
    internal bool MustCounter(Game game, Claim claim)
    {
        if (Contains(claim))
        {
            return false;
        }

        if (game.ParentOf(claim) is not { } parent || Contains(parent))
        {
            return true;
        }

        int depth = game.Rules.MaxDepth;
        return _counters.TryGetValue(parent.Index, out Position counter)
            && claim.Position.TraceIndex(depth) <= counter.TraceIndex(depth);
    }

    private bool Contains(Claim claim) =>
        _claims.Contains((claim.ParentIndex, claim.Position, claim.Value));
}
