using Culverin.Primitives;

namespace Culverin.Commit;

/// <summary>
/// The memory tree's nodes above the pages, for a space of up to 2^52 pages of which few are used. Four
/// levels at a time lie in one chunk, siblings side by side, so that a pair of children is 64 bytes in place.
/// Chunks are small because of heaps scattered over terabytes, where a page has some of them for itself.
/// </summary>
/// <remarks>A node never written is 32 zero bytes and stands for the root of an empty subtree.</remarks>
internal sealed unsafe class NodeStore : IDisposable
{
    private const int ChunkLevels = 4;
    private const int ChunkSizeBytes = (1 << (ChunkLevels + 1)) * Keccak256.DigestSizeBytes;
    private const ulong NoChunk = ulong.MaxValue;

    /// <summary>
    /// Most chunks, which is 64 GiB: tens of millions of scattered pages, more than any host has room for.
    /// </summary>
    private const ulong ChunksMax = 1UL << 26;

    private readonly ReservedMemory _arena;
    private readonly Dictionary<ulong, nint>[] _chunks;
    private readonly ulong[] _lastIndex;
    private readonly nint[] _lastChunk;
    private ulong _usedBytes;

    /// <summary>Makes an empty store.</summary>
    /// <param name="height">Levels above the pages: 20 or 52.</param>
    public NodeStore(int height)
    {
        int tiers = (height + ChunkLevels - 1) / ChunkLevels;
        ulong chunkCount = 0;
        for (int level = ChunkLevels; level < height + ChunkLevels; level += ChunkLevels)
        {
            chunkCount += Math.Min(ChunksMax, 1UL << Math.Max(height - level, 0));
        }
        _arena = new ReservedMemory(Math.Min(ChunksMax, chunkCount) * ChunkSizeBytes);
        _chunks = new Dictionary<ulong, nint>[tiers];
        _lastIndex = new ulong[tiers];
        _lastChunk = new nint[tiers];
        for (int tier = 0; tier < tiers; tier++)
        {
            _chunks[tier] = [];
            _lastIndex[tier] = NoChunk;
        }
    }

    /// <summary>The node's 32 bytes, made if need be.</summary>
    /// <param name="level">0 for page roots.</param>
    /// <param name="index">Number of the node in its level, from the left.</param>
    public byte* ForWriting(int level, ulong index) => Locate(level, index, create: true);

    /// <summary>The node's 32 bytes, or null where nothing near it was ever written.</summary>
    public byte* ForReading(int level, ulong index) => Locate(level, index, create: false);

    /// <summary>Whether a node stands for an empty subtree.</summary>
    public static bool IsAbsent(byte* node)
    {
        // SAFETY: a node has 32 bytes.
        ulong* lanes = (ulong*)node;
        return (lanes[0] | lanes[1] | lanes[2] | lanes[3]) == 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();

    private byte* Locate(int level, ulong index, bool create)
    {
        int tier = level / ChunkLevels;
        int widthBits = ChunkLevels - (level % ChunkLevels);
        byte* chunk = Chunk(tier, index >> widthBits, create);
        if (chunk == null)
        {
            return null;
        }

        // SAFETY: heap order inside a chunk: level h has 2^(10 - h) nodes from that position on.
        ulong position = (1UL << widthBits) | (index & ((1UL << widthBits) - 1));
        return chunk + (position * Keccak256.DigestSizeBytes);
    }

    private byte* Chunk(int tier, ulong chunkIndex, bool create)
    {
        if (_lastIndex[tier] == chunkIndex)
        {
            return (byte*)_lastChunk[tier];
        }

        if (!_chunks[tier].TryGetValue(chunkIndex, out nint chunk))
        {
            if (!create)
            {
                return null;
            }

            if (_usedBytes + ChunkSizeBytes > _arena.LengthBytes)
            {
                throw new CulverinException(
                    ErrorCode.LimitExceeded, "The guest's memory is scattered over too "
                        + "many places to commit to.");
            }

            chunk = (nint)(_arena.Start + _usedBytes);
            _usedBytes += ChunkSizeBytes;
            _chunks[tier].Add(chunkIndex, chunk);
        }

        _lastIndex[tier] = chunkIndex;
        _lastChunk[tier] = chunk;
        return (byte*)chunk;
    }
}
