using Culverin.State;

namespace Culverin.Execute;

/// <summary>
/// Where a run is to stop between steps, beside its end. For one machine; one thread at a time.
/// </summary>
internal sealed class StopPoints
{
    private readonly Dictionary<ulong, int> _watchedPages = [];
    private readonly List<WatchedRange> _ranges = [];

    /// <summary>Addresses of instructions in front of which the run stops.</summary>
    public HashSet<ulong> Breakpoints { get; } = [];

    /// <summary>The watched ranges.</summary>
    public IReadOnlyList<WatchedRange> Ranges => _ranges;

    /// <summary>The pages that have a range whose writes are watched.</summary>
    public IReadOnlyCollection<ulong> WatchedPages => _watchedPages.Keys;

    /// <summary>Whether reads are watched too: then every step is executed the slow way.</summary>
    public bool WatchesReads => _ranges.Exists(range => range.OnRead);

    /// <summary>Watches a range.</summary>
    public void Watch(WatchedRange range)
    {
        _ranges.Add(range);
        foreach (ulong page in range.Pages)
        {
            _watchedPages[page] = _watchedPages.GetValueOrDefault(page) + 1;
        }
    }

    /// <summary>Watches a range no longer.</summary>
    /// <returns>Whether it was watched.</returns>
    public bool Unwatch(WatchedRange range)
    {
        if (!_ranges.Remove(range))
        {
            return false;
        }

        foreach (ulong page in range.Pages)
        {
            if (--_watchedPages[page] == 0)
            {
                _ = _watchedPages.Remove(page);
            }
        }

        return true;
    }

    /// <summary>The first watched range that an access of a word meets; null for none.</summary>
    public WatchedRange? Find(ulong wordAddress, int wordBytes, bool isWrite) => _ranges.Find(range =>
        (isWrite ? range.OnWrite : range.OnRead) && range.Meets(wordAddress, wordBytes));
}

/// <summary>
/// Bytes of memory whose accesses stop a run. Accesses count by whole words of the machine.
/// </summary>
/// <param name="Start">First address.</param>
/// <param name="SizeBytes">How many, 1 to <see cref="SizeMaxBytes"/>.</param>
/// <param name="OnRead">Whether reads stop it.</param>
/// <param name="OnWrite">Whether writes stop it.</param>
internal sealed record WatchedRange(ulong Start, ulong SizeBytes, bool OnRead, bool OnWrite)
{
    /// <summary>Largest range.</summary>
    public const ulong SizeMaxBytes = 1 << 16;

    /// <summary>The pages that it touches, if writes are watched.</summary>
    public IEnumerable<ulong> Pages
    {
        get
        {
            ulong first = Start >> GuestMemory.PageShift;
            ulong last = unchecked(Start + SizeBytes - 1) >> GuestMemory.PageShift;
            for (ulong page = first; OnWrite && page <= last; page++)
            {
                yield return page;
            }
        }
    }

    /// <summary>Whether a word shares a byte with it.</summary>
    public bool Meets(ulong wordAddress, int wordBytes) =>
        unchecked(Start - wordAddress) < (ulong)wordBytes || unchecked(wordAddress - Start) < SizeBytes;
}
