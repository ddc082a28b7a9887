namespace Culverin.State;

/// <summary>
/// Told when the guest writes to a page that holds code somebody has decoded or translated.
/// </summary>
internal interface ICodeObserver
{
    /// <summary>A word at this guest address has changed.</summary>
    void CodeWritten(ulong guestAddress);
}

/// <summary>
/// The guest's address space as pages of 4096 raw big-endian bytes, with the three facts the engine needs of
/// each page: is it present (belongs to the page set of a state file), is it dirty (changed since the page
/// tree last saw it), does it hold decoded code.
/// </summary>
/// <remarks>
/// Reads never make a page present; any write does, even of zeros (VM-SPEC 11.3). The dirty list makes a walk
/// over changed pages proportional to their number. One thread at a time.
/// </remarks>
internal abstract unsafe class GuestMemory : IDisposable
{
    /// <summary>Bytes in a page.</summary>
    public const int PageSizeBytes = 4096;

    /// <summary>log2 of <see cref="PageSizeBytes"/>.</summary>
    public const int PageShift = 12;

    private readonly List<ulong> _dirtyPages = [];
    private readonly List<ulong> _changedPages = [];
    private bool _logsChanges;

    /// <summary>Bits of a guest address: 32 or 64.</summary>
    public abstract int AddressBits { get; }

    /// <summary>How many pages are present.</summary>
    public int PageCount { get; private set; }

    /// <summary>
    /// Most pages that a step may begin with. A step adds two pages at most, so that this bounds what the
    /// guest costs the host; loading is not bound by it.
    /// </summary>
    public int PageLimit { get; set; } = int.MaxValue;

    /// <summary>
    /// Pages written since <see cref="ClearDirty"/>, each once, in the order of their first write.
    /// </summary>
    public IReadOnlyList<ulong> DirtyPages => _dirtyPages;

    /// <summary>
    /// Pages written since <see cref="StartChangeLog"/> or <see cref="ClearChanges"/>, each once, in the
    /// order of their first write. It is independent of the dirty list, and stores pay for neither: both
    /// share the one flag that says that a store needs no notice.
    /// </summary>
    public IReadOnlyList<ulong> ChangedPages => _changedPages;

    /// <summary>Who is told of writes to code pages; null for nobody.</summary>
    public ICodeObserver? CodeObserver { get; set; }

    /// <summary>The bytes of a page for reading; a shared page of zeros where none is present.</summary>
    /// <param name="pageIndex">Guest address divided by 4096.</param>
    public abstract byte* PageForReading(ulong pageIndex);

    /// <summary>The bytes of a page for writing: from now on the page is present and dirty.</summary>
    /// <param name="pageIndex">Guest address divided by 4096.</param>
    public byte* PageForWriting(ulong pageIndex)
    {
        PageFlags* flags = FlagsForWriting(pageIndex);
        if ((*flags & PageFlags.Dirty) == 0)
        {
            TakeNotice(pageIndex, flags);
        }

        return PageAddress(pageIndex);
    }

    /// <summary>Whether the page belongs to the page set.</summary>
    public abstract bool IsPresent(ulong pageIndex);

    /// <summary>All present pages in ascending order.</summary>
    public abstract IEnumerable<ulong> PresentPages();

    /// <summary>
    /// Says that this page holds decoded code: later writes to it reach <see cref="CodeObserver"/>.
    /// </summary>
    public void MarkCode(ulong pageIndex) => *FlagsForWriting(pageIndex) |= PageFlags.Code;

    /// <summary>Adds a flag to a page.</summary>
    /// <returns>Where the page's flags are; valid as long as the memory.</returns>
    internal PageFlags* Mark(ulong pageIndex, PageFlags flag)
    {
        PageFlags* flags = FlagsForWriting(pageIndex);
        *flags |= flag;
        return flags;
    }

    /// <summary>Takes a flag away from a page.</summary>
    internal void Unmark(ulong pageIndex, PageFlags flag) => *FlagsForWriting(pageIndex) &= ~flag;

    /// <summary>Refuses to begin a step when there are more pages than allowed.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.LimitExceeded"/>.</exception>
    public void RequireWithinLimit()
    {
        if (PageCount > PageLimit)
        {
            ThrowOverLimit();
        }
    }

    /// <summary>Forgets which pages are dirty, after the page tree has taken them in.</summary>
    public void ClearDirty()
    {
        foreach (ulong pageIndex in _dirtyPages)
        {
            PageFlags* flags = FlagsForWriting(pageIndex);
            *flags = (*flags & ~PageFlags.Dirty) | PageFlags.Hashed;
        }

        _dirtyPages.Clear();
    }

    /// <summary>Says that somebody has replaced a page's content by other means than writing.</summary>
    internal void PageReplaced(ulong pageIndex) => NotifyCode(pageIndex << PageShift, PageSizeBytes);

    /// <summary>Begins to list changed pages; those present count as unchanged.</summary>
    public void StartChangeLog()
    {
        _logsChanges = true;
        _changedPages.Clear();
        MarkSaved(PresentPages());
    }

    /// <summary>Forgets which pages have changed, after a checkpoint has saved them.</summary>
    public void ClearChanges()
    {
        MarkSaved(_changedPages);
        _changedPages.Clear();
    }

    /// <summary>Reads the big-endian 4 bytes at a guest address that is a multiple of 4.</summary>
    public uint ReadUInt32(ulong guestAddress) =>
        Primitives.BigEndian.ReadUInt32(PageForReading(guestAddress >> PageShift) + Offset(guestAddress));

    /// <summary>Reads the big-endian 8 bytes at a guest address that is a multiple of 8.</summary>
    public ulong ReadUInt64(ulong guestAddress) =>
        Primitives.BigEndian.ReadUInt64(PageForReading(guestAddress >> PageShift) + Offset(guestAddress));

    /// <summary>Writes big-endian 4 bytes at a guest address that is a multiple of 4.</summary>
    public void WriteUInt32(ulong guestAddress, uint value)
    {
        Primitives.BigEndian.WriteUInt32(
            PageForWriting(guestAddress >> PageShift) + Offset(guestAddress), value);
        NotifyCode(guestAddress);
    }

    /// <summary>Writes big-endian 8 bytes at a guest address that is a multiple of 8.</summary>
    public void WriteUInt64(ulong guestAddress, ulong value)
    {
        Primitives.BigEndian.WriteUInt64(
            PageForWriting(guestAddress >> PageShift) + Offset(guestAddress), value);
        NotifyCode(guestAddress);
        NotifyCode(guestAddress + 4);
    }

    /// <summary>
    /// Copies bytes out of the guest, across pages; the address wraps at the top of the space.
    /// </summary>
    public void ReadBytes(ulong guestAddress, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            int offset = Offset(guestAddress);
            int count = Math.Min(target.Length, PageSizeBytes - offset);

            // SAFETY: offset + count stays within the page's 4096 bytes.
            new ReadOnlySpan<byte>(PageForReading(guestAddress >> PageShift) + offset, count).CopyTo(target);
            target = target[count..];
            guestAddress = Wrap(guestAddress + (uint)count);
        }
    }

    /// <summary>Copies bytes into the guest, across pages; touched pages become present and dirty.</summary>
    public void WriteBytes(ulong guestAddress, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            int offset = Offset(guestAddress);
            int count = Math.Min(source.Length, PageSizeBytes - offset);

            // SAFETY: offset + count stays within the page's 4096 bytes.
            source[..count].CopyTo(
                new Span<byte>(PageForWriting(guestAddress >> PageShift) + offset, count));
            NotifyCode(guestAddress, count);

            source = source[count..];
            guestAddress = Wrap(guestAddress + (uint)count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the host memory.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Called once for each page, at its first write.</summary>
    protected virtual void PageBecamePresent(ulong pageIndex)
    {
    }

    /// <summary>Host address of a page that the memory can hold.</summary>
    protected abstract byte* PageAddress(ulong pageIndex);

    /// <summary>Where the flags of a page are, made if need be.</summary>
    protected abstract PageFlags* FlagsForWriting(ulong pageIndex);

    private void ThrowOverLimit() => throw new CulverinException(
        ErrorCode.LimitExceeded,
        $"The guest's memory has grown to {PageCount} pages of {PageSizeBytes} bytes; the limit is "
            + $"{PageLimit} ({(long)PageLimit * PageSizeBytes >> 20} MiB).");

    private void TakeNotice(ulong pageIndex, PageFlags* flags)
    {
        PageFlags before = *flags;
        bool isNew = (before & PageFlags.Present) == 0;
        if (isNew)
        {
            PageBecamePresent(pageIndex);
            PageCount++;
        }

        if (isNew || (before & PageFlags.Hashed) != 0)
        {
            _dirtyPages.Add(pageIndex);
        }

        if (_logsChanges && (isNew || (before & PageFlags.Saved) != 0))
        {
            _changedPages.Add(pageIndex);
        }

        PageFlags unnoticed = PageFlags.Hashed | PageFlags.Saved;
        *flags = (before & ~unnoticed) | PageFlags.Present | PageFlags.Dirty;
    }

    private void MarkSaved(IEnumerable<ulong> pages)
    {
        foreach (ulong pageIndex in pages)
        {
            PageFlags* flags = FlagsForWriting(pageIndex);
            *flags = (*flags & ~PageFlags.Dirty) | PageFlags.Saved;
        }
    }

    private static int Offset(ulong guestAddress) => (int)(guestAddress & (PageSizeBytes - 1));

    private ulong Wrap(ulong guestAddress) => AddressBits == 32 ? (uint)guestAddress : guestAddress;

    // Counted by bytes, because the end of the top page is no address.
    private void NotifyCode(ulong guestAddress, int count)
    {
        for (int done = -(int)(guestAddress & 3); done < count; done += 4)
        {
            NotifyCode(unchecked(guestAddress + (ulong)(long)done));
        }
    }

    private void NotifyCode(ulong guestAddress)
    {
        if (CodeObserver is { } observer
            && (*FlagsForWriting(guestAddress >> PageShift) & PageFlags.Code) != 0)
        {
            observer.CodeWritten(guestAddress);
        }
    }
}
