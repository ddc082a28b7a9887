using Culverin.Primitives;

namespace Culverin.State;

/// <summary>
/// A 32-bit guest's memory: one lazily backed mapping of 4 GiB, so that a host address is
/// <see cref="Origin"/> plus the guest address, and one flag byte for each of its 2^20 pages.
/// </summary>
internal sealed unsafe class FlatMemory : GuestMemory
{
    /// <summary>Pages in the address space.</summary>
    public const int PageCountMax = 1 << 20;

    /// <summary>
    /// Bytes of all flags, which lie in front of the pages, with a gap of zeros between: whoever looks at the
    /// flags of two neighbouring pages finds none behind the last.
    /// </summary>
    public const int FlagsSizeBytes = PageCountMax + PageSizeBytes;

    // An access at the very top may be at most 8 bytes wide and unaligned on the host side.
    private const int GuardBytes = 1 << 16;

    private readonly ReservedMemory _mapping = new(FlagsSizeBytes + (1UL << 32) + GuardBytes);

    /// <inheritdoc/>
    public override int AddressBits => 32;

    // SAFETY: flags, pages and guard follow each other in the mapping.
    /// <summary>Host address of guest address 0.</summary>
    public byte* Origin => _mapping.Start + FlagsSizeBytes;

    /// <summary>
    /// Host address of the flags of page 0, one byte per page: <see cref="FlagsSizeBytes"/> before the
    /// origin.
    /// </summary>
    public PageFlags* Flags => (PageFlags*)_mapping.Start;

    /// <inheritdoc/>
    public override byte* PageForReading(ulong pageIndex) => PageAddress(pageIndex);

    /// <inheritdoc/>
    public override bool IsPresent(ulong pageIndex) =>
        pageIndex < PageCountMax && (Flags[pageIndex] & PageFlags.Present) != 0;

    /// <inheritdoc/>
    public override IEnumerable<ulong> PresentPages()
    {
        int left = PageCount;
        for (ulong pageIndex = 0; left > 0 && pageIndex < PageCountMax; pageIndex++)
        {
            if (IsPresent(pageIndex))
            {
                left--;
                yield return pageIndex;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _mapping.Dispose();
        }
    }

    // SAFETY: the mask keeps any page index inside the 4 GiB mapping.
    /// <inheritdoc/>
    protected override byte* PageAddress(ulong pageIndex) =>
        Origin + ((pageIndex & (PageCountMax - 1)) << PageShift);

    /// <inheritdoc/>
    protected override PageFlags* FlagsForWriting(ulong pageIndex) =>
        Flags + (pageIndex & (PageCountMax - 1));
}
