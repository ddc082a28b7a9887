using System.Runtime.InteropServices;
using Culverin.Primitives;

namespace Culverin.State;

/// <summary>
/// A 64-bit guest's memory. The first 2^48 bytes are 256 slots of 1 TiB, each a lazily backed mapping made at
/// its first write, so that a host address is one table look-up away; pages anywhere else, or where the host
/// refuses another mapping, are allocated one by one.
/// </summary>
internal sealed unsafe class SparseMemory : GuestMemory
{
    /// <summary>log2 of the bytes in a slot.</summary>
    public const int SlotShift = 40;

    /// <summary>Slots in the directly mapped part of the address space.</summary>
    public const int SlotCount = 256;

    /// <summary>
    /// Distance in bytes from a slot's entry in <see cref="Origins"/> to that in <see cref="FlagTables"/>.
    /// </summary>
    public const int FlagTablesOffsetBytes = SlotIndexCount * sizeof(ulong);

    // Every 64-bit address has an entry, of which those above the slots stay null: whoever looks one up need
    // not ask first whether it is a slot's.
    private const int SlotIndexCount = 1 << (64 - SlotShift);

    private const int SlotPageShift = SlotShift - PageShift;
    private const ulong PagesInSlot = 1UL << SlotPageShift;

    /// <summary>Most slots: the host's user space has 128 TiB, of which others need some.</summary>
    private const int SlotsMax = 48;

    private readonly ReservedMemory _table = new(2UL * FlagTablesOffsetBytes);
    private readonly List<ReservedMemory> _mappings = [];
    private readonly SortedDictionary<ulong, nint> _loosePages = [];
    private readonly List<ulong>[] _present = new List<ulong>[SlotCount];

    // SAFETY: a native block of one page from construction to disposal, null after.
    private byte* _zeroPage;
    private int _slotsUsed;

    /// <summary>Makes an empty memory.</summary>
    public SparseMemory()
    {
        _zeroPage = (byte*)NativeMemory.AlignedAlloc(PageSizeBytes, PageSizeBytes);
        NativeMemory.Clear(_zeroPage, PageSizeBytes);
    }

    /// <summary>Releases the native blocks if Dispose was forgotten.</summary>
    ~SparseMemory() => Dispose(false);

    /// <inheritdoc/>
    public override int AddressBits => 64;

    // SAFETY: two tables of SlotIndexCount pointers, one behind the other.
    /// <summary>
    /// By guest address divided by 2^<see cref="SlotShift"/>: the host address that guest address 0 would
    /// have, so that the whole guest address is the offset; null where no slot is mapped.
    /// </summary>
    public byte** Origins => (byte**)_table.Start;

    /// <summary>By the same index: where the flags of guest page 0 would be; null likewise.</summary>
    public PageFlags** FlagTables => (PageFlags**)(_table.Start + FlagTablesOffsetBytes);

    /// <inheritdoc/>
    public override byte* PageForReading(ulong pageIndex)
    {
        if (_loosePages.Count > 0 && _loosePages.TryGetValue(pageIndex, out nint loose))
        {
            return (byte*)loose + LooseHeaderBytes;
        }

        ulong slot = pageIndex >> SlotPageShift;
        return slot < SlotCount && Origins[slot] != null ? SlotAddress(pageIndex) : _zeroPage;
    }

    /// <inheritdoc/>
    public override bool IsPresent(ulong pageIndex)
    {
        if (_loosePages.TryGetValue(pageIndex, out nint loose))
        {
            return (*(PageFlags*)loose & PageFlags.Present) != 0;
        }

        ulong slot = pageIndex >> SlotPageShift;
        return slot < SlotCount
            && Origins[slot] != null
            && (FlagTables[slot][pageIndex] & PageFlags.Present) != 0;
    }

    /// <inheritdoc/>
    public override IEnumerable<ulong> PresentPages()
    {
        IEnumerable<ulong> pages = _loosePages.Keys.Where(IsPresent);
        foreach (List<ulong>? slot in _present)
        {
            pages = slot is null ? pages : pages.Concat(slot);
        }

        return pages.Order();
    }

    /// <inheritdoc/>
    protected override void PageBecamePresent(ulong pageIndex)
    {
        ulong slot = pageIndex >> SlotPageShift;
        if (slot < SlotCount && Origins[slot] != null)
        {
            (_present[slot] ??= []).Add(pageIndex);
        }
    }

    /// <inheritdoc/>
    protected override byte* PageAddress(ulong pageIndex) => PageForReading(pageIndex);

    /// <inheritdoc/>
    protected override PageFlags* FlagsForWriting(ulong pageIndex)
    {
        if (_loosePages.Count > 0 && _loosePages.TryGetValue(pageIndex, out nint loose))
        {
            return (PageFlags*)loose;
        }

        ulong slot = pageIndex >> SlotPageShift;
        if (slot < SlotCount && (Origins[slot] != null || TryMap(slot)))
        {
            return FlagTables[slot] + pageIndex;
        }

        return AddLoosePage(pageIndex);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _mappings.ForEach(mapping => mapping.Dispose());
            _table.Dispose();
        }

        foreach (nint page in _loosePages.Values)
        {
            NativeMemory.AlignedFree((void*)page);
        }

        _loosePages.Clear();
        NativeMemory.AlignedFree(_zeroPage);

        // Image and machine may both dispose it.
        _zeroPage = null;
    }

    // A loose page has its flag byte in front, at a distance that keeps the page aligned.
    private const int LooseHeaderBytes = 64;

    private byte* SlotAddress(ulong pageIndex) =>
        Origins[pageIndex >> SlotPageShift] + (pageIndex << PageShift);

    private bool TryMap(ulong slot)
    {
        if (_slotsUsed == SlotsMax)
        {
            return false;
        }

        try
        {
            var pages = new ReservedMemory((1UL << SlotShift) + PageSizeBytes);
            _mappings.Add(pages);

            // With zeros behind the last: whoever looks at the flags of two neighbouring pages finds none.
            var flags = new ReservedMemory(PagesInSlot + PageSizeBytes);
            _mappings.Add(flags);
            _slotsUsed++;

            Origins[slot] = pages.Start - (slot << SlotShift);
            FlagTables[slot] = (PageFlags*)flags.Start - (slot << SlotPageShift);
            return true;
        }
        catch (CulverinException)
        {
            // The host has no room for another terabyte of address space; single pages still fit.
            _slotsUsed = SlotsMax;
            return false;
        }
    }

    private PageFlags* AddLoosePage(ulong pageIndex)
    {
        byte* page = (byte*)NativeMemory.AlignedAlloc(PageSizeBytes + LooseHeaderBytes, LooseHeaderBytes);
        NativeMemory.Clear(page, PageSizeBytes + LooseHeaderBytes);
        _loosePages.Add(pageIndex, (nint)page);
        return (PageFlags*)page;
    }
}
