namespace Culverin.Primitives;

/// <summary>
/// Keccak-256 as Ethereum uses it: Keccak[c = 512] with the original padding byte 0x01 (not SHA-3's 0x06),
/// rate 136 bytes, digest 32 bytes (source: "The Keccak reference", version 3.0). All methods may be called
/// from any thread at any time.
/// </summary>
/// <remarks>
/// A Merkle tree asks for many hashes of 64 bytes that do not depend on each other. One Keccak permutation is
/// a long dependent chain, so a vector cannot make a single hash much faster; but independent hashes sit side
/// by side, one per vector element, and share every instruction. That is what the other strategies do. The
/// scalar code is the specification; the others are tested to equal it.
/// </remarks>
public static unsafe partial class Keccak256
{
    /// <summary>Size of a digest in bytes.</summary>
    public const int DigestSizeBytes = 32;

    /// <summary>Size in bytes of the input of <see cref="HashPair"/>: two digests, left then right.</summary>
    internal const int PairSizeBytes = 64;

    private const int RateBytes = 136;
    internal const int RateLanes = RateBytes / sizeof(ulong);
    internal const int StateLanes = 25;
    internal const int PairLanes = PairSizeBytes / sizeof(ulong);
    internal const int DigestLanes = DigestSizeBytes / sizeof(ulong);

    // Padding starts with one 1 bit after the data and ends with one 1 bit in the last bit of the block.
    private const ulong FirstPaddingBit = 0x01;
    private const ulong LastPaddingBit = 0x8000_0000_0000_0000;

    private const int LastRoundPair = 22;

    // A multiple of every strategy's width, so that only the last block of an array has a remainder.
    private const int PointerBlockLength = 64;

    /// <summary>The strategy that the overloads without a strategy use: the widest supported one.</summary>
    /// <remarks>Chosen once: the compiler then treats the choice as a constant.</remarks>
    internal static readonly KeccakStrategy ActiveStrategy = WidestSupported();

    // The round constants of iota, one per round.
    internal static ReadOnlySpan<ulong> RoundConstants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
        0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    /// <summary>Whether this process can use a strategy.</summary>
    /// <remarks>
    /// The instruction set of a portable native executable is fixed when it is compiled, without vectors this
    /// wide; there both vector strategies are machine code written at run time.
    /// </remarks>
    internal static bool IsSupported(KeccakStrategy strategy)
    {
        return strategy switch
        {
            KeccakStrategy.Scalar => true,
            KeccakStrategy.Avx2 => IsFourWaySupported,
            KeccakStrategy.Avx512 => IsEightWaySupported,
            _ => false,
        };
    }

    /// <summary>
    /// Hashes data of any length. The digest is written to the first 32 bytes of <paramref name="digest"/>,
    /// which may overlap the data; a shorter span is an <see cref="ArgumentException"/>.
    /// </summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        if (digest.Length < DigestSizeBytes)
        {
            throw new ArgumentException("A Keccak-256 digest needs 32 bytes.", nameof(digest));
        }

        HashScalar(data, digest);
    }

    /// <summary>
    /// Applies Keccak-f[1600] to a state of 25 lanes: lane (x, y) of the Keccak reference is at x + 5y.
    /// Throws <see cref="ArgumentOutOfRangeException"/> for a span of another length.
    /// </summary>
    public static void Permute(Span<ulong> state)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(state.Length, StateLanes);

        // SAFETY: the span has StateLanes lanes and is pinned meanwhile.
        fixed (ulong* lanes = state)
        {
            Permute(lanes, digestOnly: false);
        }
    }

    /// <summary>
    /// Hashes exactly 64 bytes at <paramref name="pair"/> into 32 bytes at <paramref name="digest"/>. Neither
    /// pointer needs alignment; the digest may overlap the pair.
    /// </summary>
    internal static void HashPair(byte* pair, byte* digest)
    {
        HashPairScalar(pair, digest);
    }

    /// <summary>
    /// Hashes <paramref name="count"/> inputs of 64 bytes, each at its own pointer, into 32 bytes at the
    /// matching pointer of <paramref name="digests"/>. No pointer needs alignment. A digest may overlap its
    /// own input but no other input: the order of the hashes is not defined.
    /// </summary>
    internal static void HashPairs(byte** pairs, byte** digests, int count)
    {
        HashPairs(ActiveStrategy, pairs, digests, count);
    }

    /// <summary>
    /// The same with a named strategy. An unsupported one is a <see cref="PlatformNotSupportedException"/>.
    /// </summary>
    internal static void HashPairs(KeccakStrategy strategy, byte** pairs, byte** digests, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!IsSupported(strategy))
        {
            throw new PlatformNotSupportedException(
                $"This process cannot run the Keccak strategy {strategy}.");
        }

        switch (strategy)
        {
            case KeccakStrategy.Avx512:
                HashPairsAvx512(pairs, digests, count);
                break;
            case KeccakStrategy.Avx2:
                HashPairsAvx2(pairs, digests, count);
                break;
            default:
                HashPairsScalar(pairs, digests, count);
                break;
        }
    }

    /// <summary>
    /// Hashes <paramref name="count"/> inputs of 64 bytes, back to back at <paramref name="pairs"/>, into
    /// digests of 32 bytes, back to back at <paramref name="digests"/>. Neither pointer needs alignment; the
    /// two areas must not overlap.
    /// </summary>
    internal static void HashPairs(byte* pairs, byte* digests, int count)
    {
        HashPairs(ActiveStrategy, pairs, digests, count);
    }

    /// <summary>
    /// The same with a named strategy. An unsupported one is a <see cref="PlatformNotSupportedException"/>.
    /// </summary>
    internal static void HashPairs(KeccakStrategy strategy, byte* pairs, byte* digests, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);

        // SAFETY: both arrays have PointerBlockLength elements and blockLength is never larger.
        byte** pairPointers = stackalloc byte*[PointerBlockLength];
        byte** digestPointers = stackalloc byte*[PointerBlockLength];
        int done = 0;
        do
        {
            int blockLength = int.Min(count - done, PointerBlockLength);
            for (int i = 0; i < blockLength; i++)
            {
                pairPointers[i] = pairs + ((nint)(done + i) * PairSizeBytes);
                digestPointers[i] = digests + ((nint)(done + i) * DigestSizeBytes);
            }

            HashPairs(strategy, pairPointers, digestPointers, blockLength);
            done += blockLength;
        }
        while (done < count);
    }

    private static KeccakStrategy WidestSupported()
    {
        if (IsEightWaySupported)
        {
            return KeccakStrategy.Avx512;
        }

        return IsFourWaySupported ? KeccakStrategy.Avx2 : KeccakStrategy.Scalar;
    }
}
