using System.Numerics;
using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>The names that make each deposit's hash its own (source: OP Stack specification).</summary>
internal static class DepositSource
{
    private const int UserDomain = 0;
    private const int AttributesDomain = 1;

    /// <summary>A user's deposit: the L1 block and the place of its event among the block's events.</summary>
    public static Bytes32 OfUser(Bytes32 l1Block, ulong logIndex) => Of(UserDomain, l1Block, logIndex);

    /// <summary>The attributes of an L2 block: its origin and its place among the origin's blocks.</summary>
    public static Bytes32 OfAttributes(Bytes32 l1Block, ulong sequenceNumber) =>
        Of(AttributesDomain, l1Block, sequenceNumber);

    private static Bytes32 Of(int domain, Bytes32 l1Block, ulong number) =>
        Pair(Bytes32.FromInteger(domain), Pair(l1Block, Bytes32.FromInteger(new BigInteger(number))));

    private static Bytes32 Pair(Bytes32 left, Bytes32 right)
    {
        Span<byte> both = stackalloc byte[2 * Bytes32.SizeBytes];
        left.CopyTo(both);
        right.CopyTo(both[Bytes32.SizeBytes..]);
        return Bytes32.Keccak256(both);
    }
}
