using System.Runtime.InteropServices;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Commit;

/// <summary>
/// The Merkle tree over a guest memory (VM-SPEC section 2): leaves of 32 bytes, parent = keccak256(left,
/// right). Taking in k dirty pages costs k page hashes and the paths above them, whatever the size of the
/// memory.
/// </summary>
/// <remarks>
/// One thread at a time, the one that runs the guest. Hashes above level 7 are kept; those inside a page are
/// computed anew from its bytes when a proof wants them, which is cheaper than keeping as many bytes as the
/// guest.
/// </remarks>
internal sealed unsafe class PageTree : IDisposable
{
    private const int BatchSize = 64;

    private readonly GuestMemory _memory;
    private readonly NodeStore _nodes;
    private readonly int _height;
    private readonly byte[] _root = new byte[Keccak256.DigestSizeBytes];
    private ulong[] _adopted = [];
    private byte* _pointers;

    /// <summary>
    /// Makes a tree over a memory; its present pages must still be dirty, as after loading.
    /// </summary>
    public PageTree(GuestMemory memory)
    {
        _memory = memory;
        _height = memory.AddressBits - GuestMemory.PageShift;
        _nodes = new NodeStore(_height);
        ZeroHashes.Level(_height + PageHasher.Levels).CopyTo(_root);
        _pointers = (byte*)NativeMemory.Alloc(BatchSize * 2, (nuint)sizeof(byte*));
    }

    /// <summary>Releases the native buffer if <see cref="Dispose"/> was forgotten.</summary>
    ~PageTree() => Release();

    /// <summary>Pairs of nodes hashed for <see cref="Root"/> so far: what roots cost, on any host.</summary>
    public long HashCount { get; private set; }

    /// <summary>Bytes of a proof: the leaf and one sibling per level.</summary>
    public int ProofSizeBytes => (_height + PageHasher.Levels + 1) * Keccak256.DigestSizeBytes;

    /// <summary>Takes in all dirty pages.</summary>
    /// <returns>The memory root, 32 bytes; valid until the next call.</returns>
    public ReadOnlySpan<byte> Root()
    {
        if (_memory.DirtyPages.Count > 0 || _adopted.Length > 0)
        {
            ulong[] dirty = [.. _memory.DirtyPages];
            Array.Sort(dirty);
            HashDirtyPages(dirty);
            ulong[] changed = dirty;
            if (_adopted.Length > 0)
            {
                changed = [.. _adopted, .. dirty];
                Array.Sort(changed);
                _adopted = [];
            }

            HashUpperLevels(changed);
            _memory.ClearDirty();
        }

        return _root;
    }

    /// <summary>
    /// Takes in all dirty pages without hashing them, because somebody has done so before.
    /// </summary>
    /// <param name="known">The hashes of all dirty pages, and perhaps of others.</param>
    internal void Adopt(PageRoots known)
    {
        for (int row = 0; row < known.Pages.Length; row++)
        {
            // SAFETY: a node has exactly this many bytes.
            known.Roots.AsSpan(row * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes)
                .CopyTo(new Span<byte>(
                    _nodes.ForWriting(0, known.Pages[row]), Keccak256.DigestSizeBytes));
        }

        _adopted = [.. _adopted, .. known.Pages];
        _memory.ClearDirty();
    }

    /// <summary>
    /// Proves the leaf at an address against <see cref="Root"/>, which is brought up to date first.
    /// </summary>
    /// <param name="guestAddress">Any address; the leaf is the 32 bytes that contain it.</param>
    /// <param name="proof">
    /// Receives <see cref="ProofSizeBytes"/>: the leaf, then the siblings from the bottom to the top.
    /// </param>
    public void Prove(ulong guestAddress, Span<byte> proof)
    {
        _ = Root();
        ulong index = guestAddress >> GuestMemory.PageShift;
        int offset = (int)(guestAddress & (GuestMemory.PageSizeBytes - 1));
        PageHasher.Prove(_memory.PageForReading(index), offset, proof);
        int position = (PageHasher.Levels + 1) * Keccak256.DigestSizeBytes;
        for (int level = 0; level < _height; level++)
        {
            ReadNode(level, index ^ 1).CopyTo(proof[position..]);
            position += Keccak256.DigestSizeBytes;
            index >>= 1;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _nodes.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        byte* pointers = _pointers;
        _pointers = null;
        NativeMemory.Free(pointers);
    }

    private ReadOnlySpan<byte> ReadNode(int level, ulong index)
    {
        byte* node = _nodes.ForReading(level, index);
        return node == null || NodeStore.IsAbsent(node)
            ? ZeroHashes.Level(level + PageHasher.Levels)
            : new ReadOnlySpan<byte>(node, Keccak256.DigestSizeBytes);
    }

    private void HashDirtyPages(ulong[] dirty)
    {
        nint[] pages = new nint[dirty.Length];
        nint[] roots = new nint[dirty.Length];
        for (int i = 0; i < dirty.Length; i++)
        {
            pages[i] = (nint)_memory.PageForReading(dirty[i]);
            roots[i] = (nint)_nodes.ForWriting(0, dirty[i]);
        }

        HashCount += (long)dirty.Length * PageHasher.HashesInPage;
        PageHasher.HashAll(pages, roots);
    }

    private void HashUpperLevels(ulong[] sorted)
    {
        var indexes = new List<ulong>(sorted);
        for (int level = 0; level < _height; level++)
        {
            ToParents(indexes);
            HashCount += indexes.Count;
            HashLevel(level, indexes);
        }
    }

    private static void ToParents(List<ulong> indexes)
    {
        int kept = 0;
        foreach (ulong index in CollectionsMarshal.AsSpan(indexes))
        {
            ulong parent = index >> 1;
            if (kept == 0 || indexes[kept - 1] != parent)
            {
                indexes[kept++] = parent;
            }
        }

        indexes.RemoveRange(kept, indexes.Count - kept);
    }

    private void HashLevel(int childLevel, List<ulong> parents)
    {
        // SAFETY: the native buffer has room for BatchSize pair pointers and as many digest pointers.
        byte** pairs = (byte**)_pointers;
        byte** digests = pairs + BatchSize;
        fixed (byte* root = _root)
        {
            int count = 0;
            foreach (ulong parent in CollectionsMarshal.AsSpan(parents))
            {
                byte* left = _nodes.ForWriting(childLevel, parent * 2);
                FillIfAbsent(left, childLevel);
                FillIfAbsent(left + Keccak256.DigestSizeBytes, childLevel);
                pairs[count] = left;
                digests[count] = childLevel + 1 == _height ? root : _nodes.ForWriting(childLevel + 1, parent);
                if (++count == BatchSize)
                {
                    Keccak256.HashPairs(pairs, digests, count);
                    count = 0;
                }
            }

            Keccak256.HashPairs(pairs, digests, count);
        }
    }

    private static void FillIfAbsent(byte* node, int level)
    {
        if (NodeStore.IsAbsent(node))
        {
            ZeroHashes.Level(level + PageHasher.Levels)
                .CopyTo(new Span<byte>(node, Keccak256.DigestSizeBytes));
        }
    }
}
