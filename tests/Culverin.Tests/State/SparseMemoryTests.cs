using Culverin.Commit;
using Culverin.Primitives;
using Culverin.Run;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Tests.State;

/// <summary>The measurement runs alone: other tests would take memory meanwhile.</summary>
[CollectionDefinition(nameof(SparseMemoryTests), DisableParallelization = true)]
public sealed class SparseMemoryCollection;

/// <summary>64-bit guest memory: all of the address space, its borders, its costs.</summary>
[Collection(nameof(SparseMemoryTests))]
public sealed class SparseMemoryTests
{
    private const ulong PageSizeBytes = GuestMemory.PageSizeBytes;
    private const ulong SlotSizeBytes = 1UL << SparseMemory.SlotShift;
    private const ulong SlotsEnd = SlotSizeBytes * SparseMemory.SlotCount;
    private const int Seed = 4711;

    // The ends of the space, of slots, of the directly mapped part; Go's heap and the default one.
    private static readonly ulong[] Places =
    [
        0, PageSizeBytes, SlotSizeBytes - PageSizeBytes, SlotSizeBytes, 0xC0_0000_0000, 0x1000_0000_0000,
        SlotsEnd - PageSizeBytes, SlotsEnd, SlotsEnd + (7 * SlotSizeBytes), 0x8000_0000_0000_0000,
        ulong.MaxValue - PageSizeBytes + 1,
    ];

    [Fact]
    public void PagesAnywhereHoldWhatIsWritten()
    {
        using var memory = new SparseMemory();
        foreach (ulong place in Places)
        {
            Assert.False(memory.IsPresent(place >> GuestMemory.PageShift));
            Assert.Equal(0UL, memory.ReadUInt64(place));
        }

        // Reads make nothing present.
        Assert.Equal(0, memory.PageCount);
        foreach (ulong place in Places)
        {
            memory.WriteUInt64(place, place ^ 0x0123_4567_89AB_CDEF);
            memory.WriteUInt64(place + PageSizeBytes - 8, ~place);
        }

        foreach (ulong place in Places)
        {
            Assert.True(memory.IsPresent(place >> GuestMemory.PageShift));
            Assert.Equal(place ^ 0x0123_4567_89AB_CDEF, memory.ReadUInt64(place));
            Assert.Equal(~place, memory.ReadUInt64(place + PageSizeBytes - 8));
        }

        Assert.Equal(
            Places.Select(place => place >> GuestMemory.PageShift).Order(), memory.PresentPages());
        Assert.Equal(Places.Length, memory.PageCount);
        Assert.Equal(Places.Length, memory.DirtyPages.Count);
        memory.ClearDirty();
        Assert.Empty(memory.DirtyPages);
    }

    // Over the borders of pages, slots and of the space itself, where addresses wrap.
    [Fact]
    public void CopiesCrossEveryBoundary()
    {
        using var memory = new SparseMemory();
        var random = new Random(Seed);
        foreach (ulong boundary in Places)
        {
            foreach (int length in new[] { 1, 2, 3, 7, 8, 9, 31, 4096, 9001 })
            {
                ulong start = unchecked(boundary - (ulong)random.Next(length + 12));
                byte[] bytes = new byte[length];
                random.NextBytes(bytes);
                memory.WriteBytes(start, bytes);
                byte[] back = new byte[length];
                memory.ReadBytes(start, back);
                Assert.Equal(bytes, back);
                for (int index = 0; index < length; index += 1 + (length / 16))
                {
                    ulong word = memory.ReadUInt64(unchecked(start + (ulong)index) & ~7UL);
                    int shift = 56 - (8 * (int)(unchecked(start + (ulong)index) & 7));
                    Assert.Equal(bytes[index], (byte)(word >> shift));
                }
            }
        }
    }

    // As many bytes as end at, or a few before, the end of the space; the loop over them must end too.
    [Fact]
    public void CopiesMayEndAtTheTop()
    {
        using var memory = new SparseMemory();
        for (ulong count = 1; count <= 24; count++)
        {
            for (ulong left = 0; left < 4; left++)
            {
                byte[] bytes = new byte[count];
                bytes.AsSpan().Fill((byte)count);
                memory.WriteBytes(unchecked(0UL - count - left), bytes);
                ulong top = memory.ReadUInt64(ulong.MaxValue & ~7UL);
                Assert.Equal((byte)count, (byte)(top >> (int)(8 * left)));
            }
        }
    }

    [Fact]
    public void RootsEqualThoseOfAPlainTree()
    {
        using var memory = new SparseMemory();
        using var tree = new PageTree(memory);
        var random = new Random(Seed);
        for (int round = 0; round < 4; round++)
        {
            foreach (ulong place in Places)
            {
                memory.WriteUInt64(place + ((ulong)random.Next(512) * 8), (ulong)random.NextInt64());
            }

            byte[] expected = PlainRoot(memory, [.. memory.PresentPages()], 52);
            Assert.Equal(expected, tree.Root().ToArray());
        }
    }

    // What the allocator of a guest with a heap of 1 TiB does: a few words at the start of each 4 GiB.
    [Fact]
    public void ATebibyteOfScatteredPagesCostsWhatIsTouched()
    {
        const int blocks = 256;
        using var memory = new SparseMemory();
        using var tree = new PageTree(memory);
        long before = Environment.WorkingSet;
        for (ulong block = 0; block < blocks; block++)
        {
            memory.WriteUInt64(0x1000_0000_0000 + (block << 32), block + 1);
        }

        _ = tree.Root();
        long taken = Environment.WorkingSet - before;
        Assert.Equal(blocks, memory.PageCount);
        Assert.True(taken < 32 << 20, $"{taken} bytes were taken for {blocks} pages");
    }

    // A changed page costs its own hashes and one a level above it, shared with its neighbours, however many
    // pages there are. Counted, not timed.
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(200)]
    [InlineData(2000)]
    public void ARootCostsWhatHasChanged(int dirtyPages)
    {
        using Machine guest =
            OwnGuest.CreateMachine("sparseheap.64.elf", StateVersion.MultiThreaded64V5);
        int loaded = guest.PageCount;
        _ = guest.Run(new RunLimits());

        // Its records lie on 2000 pages, its stack on a loaded one.
        Assert.Equal(loaded + 2000, guest.PageCount);
        GuestMemory memory = guest.Image.Memory;
        ulong[] heap = [.. memory.PresentPages().Where(page => page >= 0x1000_0000_0000 >> 12)
            .Where(page => page < 0x1100_0000_0000 >> 12)];
        Assert.Equal(2000, heap.Length);
        Assert.True(heap[^1] - heap[0] > 0.9 * (1UL << 28), "scattered over the whole range");

        using var copy = new SparseMemory();
        using var tree = new PageTree(copy);
        byte[] bytes = new byte[PageSizeBytes];
        foreach (ulong page in memory.PresentPages())
        {
            memory.ReadBytes(page << GuestMemory.PageShift, bytes);
            copy.WriteBytes(page << GuestMemory.PageShift, bytes);
        }

        _ = tree.Root();
        long whole = tree.HashCount;
        ulong[] changed = [.. heap.Where((_, index) => index % (2000 / dirtyPages) == 0)];
        foreach (ulong page in changed)
        {
            copy.WriteUInt64(page << GuestMemory.PageShift, ~page);
        }

        _ = tree.Root();
        Assert.Equal(HashesFor(changed), tree.HashCount - whole);
        Assert.InRange(tree.HashCount - whole, 0, dirtyPages * (127L + 52));
        _ = tree.Root();
        Assert.Equal(HashesFor(changed), tree.HashCount - whole);
    }

    // Those inside the pages, and one for each different ancestor.
    private static long HashesFor(ulong[] pages) =>
        (127L * pages.Length) + Enumerable.Range(1, 52).Sum(level => pages.Select(page => page >> level)
            .Distinct().LongCount());

    // The root of what lies below one node, computed from the pages alone.
    private static byte[] PlainRoot(SparseMemory memory, ulong[] pages, int height)
    {
        if (height == 0)
        {
            return pages.Length == 0 ? ZeroOf(7) : LeafRoot(memory, pages[0] << GuestMemory.PageShift, 7);
        }

        if (pages.Length == 0)
        {
            return ZeroOf(height + 7);
        }

        ulong bit = 1UL << (height - 1);
        return Pair(
            PlainRoot(memory, [.. pages.Where(page => (page & bit) == 0)], height - 1),
            PlainRoot(memory, [.. pages.Where(page => (page & bit) != 0)], height - 1));
    }

    private static byte[] LeafRoot(SparseMemory memory, ulong start, int height)
    {
        if (height == 0)
        {
            byte[] leaf = new byte[32];
            memory.ReadBytes(start, leaf);
            return leaf;
        }

        return Pair(
            LeafRoot(memory, start, height - 1),
            LeafRoot(memory, start + (32UL << (height - 1)), height - 1));
    }

    private static byte[] ZeroOf(int height) =>
        height == 0 ? new byte[32] : Pair(ZeroHashes.Level(height - 1), ZeroHashes.Level(height - 1));

    private static byte[] Pair(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        byte[] digest = new byte[32];
        Keccak256.Hash([.. left, .. right], digest);
        return digest;
    }
}
