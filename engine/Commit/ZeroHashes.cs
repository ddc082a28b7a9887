using Culverin.Primitives;

namespace Culverin.Commit;

/// <summary>
/// Roots of empty subtrees: level 0 is the empty leaf of 32 zero bytes (VM-SPEC section 2).
/// </summary>
internal static unsafe class ZeroHashes
{
    /// <summary>Highest level: the root of an empty 64-bit memory.</summary>
    public const int LevelMax = 59;

    private static readonly byte[] Digests = Compute();

    /// <summary>The 32 bytes of a level, 0 to <see cref="LevelMax"/>.</summary>
    public static ReadOnlySpan<byte> Level(int level) =>
        Digests.AsSpan(level * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes);

    private static byte[] Compute()
    {
        byte[] digests = new byte[(LevelMax + 1) * Keccak256.DigestSizeBytes];
        byte* pair = stackalloc byte[Keccak256.PairSizeBytes];
        for (int level = 1; level <= LevelMax; level++)
        {
            Span<byte> below = digests.AsSpan(
                (level - 1) * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes);

            // SAFETY: pair has 64 bytes: the same digest left and right.
            below.CopyTo(new Span<byte>(pair, Keccak256.DigestSizeBytes));
            below.CopyTo(new Span<byte>(pair + Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes));
            fixed (byte* target = &digests[level * Keccak256.DigestSizeBytes])
            {
                Keccak256.HashPair(pair, target);
            }
        }

        return digests;
    }
}
