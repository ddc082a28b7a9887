using Culverin.Harness.Values;

namespace Culverin.Harness.Rollup;

/// <summary>Keys of Merkle Patricia tries: sequences of half bytes.</summary>
internal static class Nibbles
{
    private const int OddMark = 1;
    private const int LeafMark = 2;

    /// <summary>The two halves of each byte, the upper first.</summary>
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        byte[] nibbles = new byte[2 * bytes.Length];
        for (int index = 0; index < bytes.Length; index++)
        {
            nibbles[2 * index] = (byte)(bytes[index] >> 4);
            nibbles[2 * index + 1] = (byte)(bytes[index] & 0xF);
        }

        return nibbles;
    }

    /// <summary>
    /// The path as a node holds it: a first half byte that tells of leaf and parity, padding, the path.
    /// </summary>
    public static byte[] Pack(ReadOnlySpan<byte> path, bool isLeaf)
    {
        int isOdd = path.Length & 1;
        byte[] packed = new byte[path.Length / 2 + 1];
        packed[0] = (byte)(((isLeaf ? LeafMark : 0) + isOdd) << 4);
        for (int index = 0; index < path.Length; index++)
        {
            int place = index + 2 - isOdd;
            packed[place / 2] |= (byte)((place & 1) == 0 ? path[index] << 4 : path[index]);
        }

        return packed;
    }

    /// <summary>
    /// Reads what <see cref="Pack"/> writes; throws <see cref="ChainException"/> when it is malformed.
    /// </summary>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, out bool isLeaf)
    {
        byte[] nibbles = Of(packed);
        isLeaf = nibbles.Length > 0 && (nibbles[0] & LeafMark) != 0;
        bool isOdd = nibbles.Length > 0 && (nibbles[0] & OddMark) != 0;
        byte[] path = nibbles.Length == 0 ? [] : nibbles[(isOdd ? 1 : 2)..];
        bool isWrong = nibbles.Length == 0
            || nibbles[0] > (LeafMark | OddMark)
            || (!isOdd && nibbles[1] != 0)
            || (path.Length == 0 && !isLeaf);
        return isWrong
            ? throw new ChainException(ChainFailure.Encoding, "The path of a trie node is malformed.")
            : path;
    }
}
