using System.Numerics;

namespace Culverin.Harness.Chain;

/// <summary>A moment of a local node's chain; see <see cref="Anvil.SnapshotAsync"/>.</summary>
public sealed class AnvilSnapshot
{
    internal AnvilSnapshot(string id, BigInteger nextBaseFee)
    {
        Id = id;
        NextBaseFee = nextBaseFee;
    }

    internal string Id { get; }

    internal BigInteger NextBaseFee { get; }
}
