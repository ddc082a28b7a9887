using Culverin.Primitives;

namespace Culverin.Commit;

/// <summary>
/// Arithmetic on a memory proof: the 32-byte leaf, then one 32-byte sibling per level from the bottom to the
/// top.
/// </summary>
internal static unsafe class MemoryProof
{
    private const int LeafShift = 5;

    /// <summary>Computes the root that a leaf and its siblings lead to.</summary>
    /// <param name="guestAddress">
    /// An address in the leaf; bit 5 + i says on which side level i's node is.
    /// </param>
    /// <param name="leaf">32 bytes.</param>
    /// <param name="siblings">32 bytes per level.</param>
    /// <param name="root">Receives 32 bytes.</param>
    public static void ComputeRoot(
        ulong guestAddress, ReadOnlySpan<byte> leaf, ReadOnlySpan<byte> siblings, Span<byte> root)
    {
        Span<byte> pair = stackalloc byte[Keccak256.PairSizeBytes];
        Span<byte> node = stackalloc byte[Keccak256.DigestSizeBytes];
        leaf.CopyTo(node);
        ulong path = guestAddress >> LeafShift;
        while (!siblings.IsEmpty)
        {
            bool isRight = (path & 1) != 0;
            node.CopyTo(isRight ? pair[Keccak256.DigestSizeBytes..] : pair);
            siblings[..Keccak256.DigestSizeBytes].CopyTo(isRight ? pair : pair[Keccak256.DigestSizeBytes..]);

            // SAFETY: both spans are on the stack and have the sizes HashPair asks for.
            fixed (byte* from = pair, to = node)
            {
                Keccak256.HashPair(from, to);
            }

            siblings = siblings[Keccak256.DigestSizeBytes..];
            path >>= 1;
        }

        node.CopyTo(root);
    }
}
