using System.Numerics;

namespace Culverin.Harness.Local;

/// <summary>A moment of a local node's chain; see <see cref="Anvil.SnapshotAsync"/>.</summary>
public sealed class AnvilSnapshot : ChainSnapshot
{
    internal AnvilSnapshot(string id, BigInteger nextBaseFee)
    {
        Id = id;
        NextBaseFee = nextBaseFee;
    }

    // Going back uses a snapshot up; then it is taken anew.
    internal string Id { get; set; }

    internal BigInteger NextBaseFee { get; }
}
