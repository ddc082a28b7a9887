using Culverin.Harness.Local;

namespace Culverin.Harness.Arenas;

/// <summary>
/// A moment of both chains that <see cref="IArena.RevertAsync"/> goes back to, any number of times.
/// </summary>
public sealed class ArenaSnapshot
{
    internal ArenaSnapshot(ChainSnapshot l1, ChainSnapshot l2)
    {
        L1 = l1;
        L2 = l2;
    }

    internal ChainSnapshot L1 { get; }

    internal ChainSnapshot L2 { get; }
}
