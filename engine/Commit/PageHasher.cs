using CommunityToolkit.HighPerformance.Helpers;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Commit;

/// <summary>
/// The seven levels of the memory tree inside a page of 4096 bytes: 128 leaves of 32 bytes.
/// </summary>
/// <remarks>Static and stateless: any thread may call it.</remarks>
internal static unsafe class PageHasher
{
    /// <summary>Levels from a leaf to a page's root.</summary>
    public const int Levels = 7;

    /// <summary>Pages hashed side by side, so that even the top levels fill a vector.</summary>
    public const int GroupSize = 8;

    /// <summary>Hashes from the leaves of a page to its root.</summary>
    public const int HashesInPage = (2 * PairsInPage) - 1;

    /// <summary>A core gets at least this many groups, for less is not worth its start-up.</summary>
    private const int GroupsPerCoreMin = 4;

    private const int LeafSizeBytes = 32;
    private const int PairsInPage = GuestMemory.PageSizeBytes / Keccak256.PairSizeBytes;
    private const int HalfPageBytes = GuestMemory.PageSizeBytes / 2;

    /// <summary>Computes the roots of up to <see cref="GroupSize"/> pages.</summary>
    /// <param name="pages">Pointers to 4096 bytes each.</param>
    /// <param name="roots">Pointers to 32 bytes each.</param>
    /// <param name="count">How many, 1 to 8.</param>
    public static void HashPages(byte** pages, byte** roots, int count)
    {
        // SAFETY: each buffer holds one level of all pages: at most 64, then 32 digests of 32 bytes per page.
        byte* upper = stackalloc byte[GroupSize * HalfPageBytes];
        byte* lower = stackalloc byte[GroupSize * HalfPageBytes / 2];
        for (int page = 0; page < count; page++)
        {
            Keccak256.HashPairs(pages[page], upper + (page * HalfPageBytes), PairsInPage);
        }

        byte* from = upper;
        byte* to = lower;
        for (int pairs = PairsInPage / 2; pairs >= 1; pairs /= 2)
        {
            Keccak256.HashPairs(from, to, count * pairs);
            byte* swap = from;
            from = to;
            to = swap;
        }

        for (int page = 0; page < count; page++)
        {
            new ReadOnlySpan<byte>(from + (page * LeafSizeBytes), LeafSizeBytes)
                .CopyTo(new Span<byte>(roots[page], LeafSizeBytes));
        }
    }

    /// <summary>Computes the roots of any number of pages, on all cores where that is worth it.</summary>
    /// <param name="pages">Addresses of 4096 bytes each.</param>
    /// <param name="roots">Addresses of 32 bytes each, as many; none overlaps another.</param>
    public static void HashAll(nint[] pages, nint[] roots)
    {
        int groups = (pages.Length + GroupSize - 1) / GroupSize;
        ParallelHelper.For(0, groups, new GroupHashing(pages, roots), GroupsPerCoreMin);
    }

    /// <summary>As <see cref="HashAll"/>, into one array.</summary>
    /// <returns>32 bytes per page.</returns>
    public static byte[] RootsOf(nint[] pages)
    {
        byte[] roots = new byte[pages.Length * Keccak256.DigestSizeBytes];
        nint[] targets = new nint[pages.Length];
        fixed (byte* first = roots)
        {
            for (int row = 0; row < targets.Length; row++)
            {
                targets[row] = (nint)(first + (row * Keccak256.DigestSizeBytes));
            }

            HashAll(pages, targets);
        }

        return roots;
    }

    /// <summary>
    /// Writes the part of a proof inside a page: the leaf, then seven siblings from the bottom up.
    /// </summary>
    /// <param name="page">4096 bytes.</param>
    /// <param name="offset">Byte offset in the page.</param>
    /// <param name="proof">Receives 8 × 32 bytes.</param>
    public static void Prove(byte* page, int offset, Span<byte> proof)
    {
        int index = offset / LeafSizeBytes;
        new ReadOnlySpan<byte>(page + (index * LeafSizeBytes), LeafSizeBytes).CopyTo(proof);

        // SAFETY: level holds half a page, next a quarter; both shrink with the level.
        byte* level = page;
        byte* first = stackalloc byte[HalfPageBytes];
        byte* second = stackalloc byte[HalfPageBytes / 2];
        byte* next = first;
        for (int height = 0; height < Levels; height++)
        {
            int sibling = index ^ 1;
            new ReadOnlySpan<byte>(level + (sibling * LeafSizeBytes), LeafSizeBytes)
                .CopyTo(proof[((height + 1) * LeafSizeBytes)..]);
            Keccak256.HashPairs(level, next, PairsInPage >> height);
            level = next;
            next = height % 2 == 0 ? second : first;
            index >>= 1;
        }
    }

    private readonly struct GroupHashing(nint[] pages, nint[] roots) : IAction
    {
        public void Invoke(int group)
        {
            int start = group * GroupSize;
            int count = Math.Min(GroupSize, pages.Length - start);

            // SAFETY: the arrays hold valid page and node pointers; groups do not overlap.
            fixed (nint* firstPage = &pages[start], firstRoot = &roots[start])
            {
                HashPages((byte**)firstPage, (byte**)firstRoot, count);
            }
        }
    }
}
