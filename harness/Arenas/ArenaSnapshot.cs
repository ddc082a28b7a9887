using Culverin.Harness.Chain;

namespace Culverin.Harness.Arenas;

/// <summary>
/// A moment of both chains that <see cref="IArena.RevertAsync"/> goes back to, any number of times.
/// </summary>
public sealed class ArenaSnapshot
{
    internal ArenaSnapshot(AnvilSnapshot l1, AnvilSnapshot l2)
    {
        L1 = l1;
        L2 = l2;
    }

    // A node's snapshot is used up by going back, and then taken anew.
    internal AnvilSnapshot L1 { get; set; }

    internal AnvilSnapshot L2 { get; set; }
}
