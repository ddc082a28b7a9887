using System.Globalization;
using Culverin.Files;
using Culverin.Files.Streams;
using Culverin.Primitives;

namespace Culverin.Trace;

/// <summary>
/// The checkpoints in a trace's folder: which there are, which are based on which, which go when there are
/// too many. Used by one thread at a time.
/// </summary>
/// <remarks>
/// <para>The first state is first.culverin; others are STEP-ORDINAL.culverin. A checkpoint along the trace
/// with ordinal n holds the pages written since the one whose ordinal is n without its lowest bit, so that a
/// state is put together from few files, and all odd ones can go without touching the others; then the even
/// ones count on in twos. Checkpoints of queries have ordinal 0 and are based on one along the trace.</para>
/// <para>A file whose head cannot be read is removed and counted as lost; so is one that turns out damaged
/// when it is used. What is based on it waits until it has been made again.</para>
/// </remarks>
internal sealed class CheckpointStore : IDisposable
{
    public const string FirstName = "first.culverin";
    private const string Suffix = ".culverin";

    private readonly TraceOptions _options;
    private readonly FileStream? _lock;
    private readonly SortedList<ulong, Checkpoint> _checkpoints = [];
    private readonly List<Checkpoint> _probes = [];
    private readonly SortedDictionary<ulong, ulong> _lost = [];
    private ulong _thinnedUnit = 1;

    private CheckpointStore(string folder, TraceOptions options, FileStream? folderLock, bool isReadOnly)
    {
        Folder = folder;
        _options = options;
        _lock = folderLock;
        IsReadOnly = isReadOnly;
        Spacing = new SpacingNote(folder, options.SpacingSteps, isReadOnly);
    }

    public string Folder { get; }

    /// <summary>
    /// Whether this user cannot write the folder: then nothing in it is changed, and damaged files are only
    /// passed over.
    /// </summary>
    public bool IsReadOnly { get; }

    /// <summary>The first state; null until <see cref="SetFirst"/> or if its file is damaged.</summary>
    public Checkpoint? First { get; private set; }

    /// <summary>The last checkpoint along the trace; the first state if there is none.</summary>
    public Checkpoint Last => _checkpoints.Values.LastOrDefault(point => !point.IsProbe) ?? First!;

    public int Count => _checkpoints.Count;

    public int ProbeCount => _probes.Count;

    public long DiskBytes => _checkpoints.Values.Sum(point => point.Header.FileBytes);

    /// <summary>Steps and ordinals of checkpoints that were damaged and are to be made again.</summary>
    public IReadOnlyDictionary<ulong, ulong> Lost => _lost;

    /// <summary>Difference of two neighbours' ordinals.</summary>
    public ulong Unit => Math.Max(
        _thinnedUnit,
        Regular().SkipLast(1).Select(point => point.Header.Ordinal).Concat(_lost.Values)
            .Select(Checkpoint.RankOf).DefaultIfEmpty(1UL).Min());

    /// <summary>Steps between two neighbours; all that there are rather than more.</summary>
    public ulong SpacingSteps =>
        Spacing.Steps > ulong.MaxValue / Unit ? ulong.MaxValue : Spacing.Steps * Unit;

    /// <summary>The spacing to begin with.</summary>
    public SpacingNote Spacing { get; }

    /// <summary>Opens a folder, made if need be, for this process alone.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static CheckpointStore Open(string folder, TraceOptions options)
    {
        options.Validate();
        bool isReadOnly =
            !OperatingSystem.IsWindows() && Directory.Exists(folder) && !Posix.CanWrite(folder);
        FileStream? folderLock = isReadOnly
            ? FolderLock.Share(folder, options.LockWait)
            : FolderLock.Take(folder, options.LockWait);
        var store = new CheckpointStore(folder, options, folderLock, isReadOnly);
        try
        {
            store.RemoveLeftovers();
            store.ReadFirst();
            store.ReadCheckpoints();
            return store;
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            folderLock?.Dispose();
            throw FileErrors.Access(folder, "read", error);
        }
        catch
        {
            folderLock?.Dispose();
            throw;
        }
    }

    /// <summary>Refuses to build on to a step where nothing can be written.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void RequireExtensible(ulong untilStep)
    {
        if (IsReadOnly && !Last.HasExited && Last.Step < untilStep)
        {
            throw new CulverinException(
                ErrorCode.FileAccess,
                $"The trace in \"{Folder}\" cannot be written, so it cannot be built further.");
        }
    }

    /// <summary>Whether a folder looks like a trace's; others are left alone.</summary>
    public static bool IsTrace(string folder) => File.Exists(Path.Combine(folder, FirstName));

    /// <summary>Where a checkpoint's file goes.</summary>
    public string PathOf(ulong step, ulong ordinal) => Path.Combine(
        Folder, string.Create(CultureInfo.InvariantCulture, $"{step}-{ordinal}{Suffix}"));

    /// <summary>Makes a written first state the beginning of this trace; others' checkpoints go.</summary>
    public void SetFirst()
    {
        _checkpoints.Clear();
        _probes.Clear();
        _lost.Clear();
        ReadFirst();
        ReadCheckpoints();
    }

    /// <summary>
    /// A checkpoint and those that complete it, down to the first state; null when one is missing.
    /// </summary>
    public IReadOnlyList<Checkpoint>? ChainOf(Checkpoint point)
    {
        var chain = new List<Checkpoint> { point };
        while (!point.IsFirst)
        {
            Checkpoint? lower = point.Header.BaseStep == First?.Step
                ? First
                : _checkpoints.GetValueOrDefault(point.Header.BaseStep);
            if (lower is null || lower.Step >= point.Step || lower.IsProbe)
            {
                return null;
            }

            chain.Add(lower);
            point = lower;
        }

        return chain;
    }

    /// <summary>The last whole state not after a step.</summary>
    public IReadOnlyList<Checkpoint> Nearest(ulong step)
    {
        for (int index = CountUpTo(step) - 1; index >= 0; index--)
        {
            if (ChainOf(_checkpoints.Values[index]) is { } chain)
            {
                return chain;
            }
        }

        return First is { } first
            ? [first]
            : throw WithoutFirst(Folder);
    }

    /// <summary>The error for a trace whose first state cannot be used.</summary>
    public static CulverinException WithoutFirst(string folder) => new(
        ErrorCode.InvalidState,
        $"The first state of the trace in \"{folder}\" is missing or damaged; "
            + "build the trace again from its input.");

    /// <summary>Adds a checkpoint and thins out the others.</summary>
    public void Add(Checkpoint point)
    {
        if (_checkpoints.TryGetValue(point.Step, out Checkpoint? probe))
        {
            Remove(probe);
        }

        _checkpoints[point.Step] = point;
        _ = _lost.Remove(point.Step);
        if (point.IsProbe)
        {
            _probes.Add(point);
        }

        Thin();
    }

    /// <summary>Whether a checkpoint of this step is there.</summary>
    public bool Has(ulong step) => step == First?.Step || _checkpoints.ContainsKey(step);

    /// <summary>Removes a damaged file; those along the trace are to be made again.</summary>
    public void Discard(Checkpoint point)
    {
        Remove(point);
        if (point.IsFirst)
        {
            First = null;
        }
        else if (!point.IsProbe)
        {
            _lost[point.Step] = point.Header.Ordinal;
        }
    }

    /// <summary>No longer asks for a checkpoint that cannot be made again.</summary>
    public void GiveUp(ulong step)
    {
        _ = _lost.Remove(step);
        foreach (Checkpoint orphan in _checkpoints.Values.Where(point => ChainOf(point) is null).ToArray())
        {
            Remove(orphan);
        }
    }

    public void Dispose() => _lock?.Dispose();

    /// <summary>The steps of the checkpoints along the trace, ascending.</summary>
    public IReadOnlyList<ulong> RegularSteps() => [.. Regular().Select(point => point.Step)];

    private IEnumerable<Checkpoint> Regular() => _checkpoints.Values.Where(point => !point.IsProbe);

    private int CountUpTo(ulong step)
    {
        int low = 0;
        int high = _checkpoints.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _checkpoints.Keys[middle] <= step ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    // A query's checkpoints are the first to go, the oldest first; then every second one along the trace.
    private void Thin()
    {
        while (_probes.Count > _options.ProbesMax
            || (_probes.Count > 0 && DiskBytes > _options.DiskBytesMax))
        {
            Remove(_probes[0]);
        }

        while (Regular().Count() > _options.CheckpointsMax || DiskBytes > _options.DiskBytesMax)
        {
            HashSet<ulong> bases = [.. _checkpoints.Values.Select(point => point.Header.BaseStep)];
            Checkpoint last = Last;
            Checkpoint[] leaves = [.. Regular()
                .Where(point => point != last && !bases.Contains(point.Step))];
            if (leaves.Length == 0)
            {
                return;
            }

            ulong rank = leaves.Min(point => Checkpoint.RankOf(point.Header.Ordinal));
            _thinnedUnit = Math.Max(_thinnedUnit, rank << 1);
            foreach (Checkpoint leaf in leaves)
            {
                if (Checkpoint.RankOf(leaf.Header.Ordinal) == rank)
                {
                    Remove(leaf);
                }
            }
        }
    }

    private void Remove(Checkpoint point)
    {
        _ = _checkpoints.Remove(point.Step);
        _ = _probes.Remove(point);
        point.Written.ContinueWith(_ => RemoveFile(point.FilePath), TaskScheduler.Default)
            .GetAwaiter().GetResult();
    }

    private void RemoveFile(string path)
    {
        if (IsReadOnly)
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            throw FileErrors.Access(path, "removed", error);
        }
    }

    private void RemoveLeftovers()
    {
        foreach (string path in Directory.GetFiles(Folder, AtomicFile.TemporaryPattern))
        {
            RemoveFile(path);
        }
    }

    private void ReadFirst()
    {
        string path = Path.Combine(Folder, FirstName);
        First = File.Exists(path) && TryReadHeader(path) is { IsDelta: false, HasRoots: true } header
            ? new Checkpoint(path, header)
            : null;
    }

    private void ReadCheckpoints()
    {
        foreach (string path in Directory.GetFiles(Folder, "*-*" + Suffix))
        {
            string[] parts = Path.GetFileNameWithoutExtension(path).Split('-');
            if (parts.Length != 2
                || !ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong step)
                || !ulong.TryParse(
                    parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong ordinal))
            {
                continue;
            }

            NativeHeader? header = TryReadHeader(path);
            if (header is { IsDelta: false })
            {
                // Somebody's state of such a name; checkpoints are never whole states.
                continue;
            }

            if (header is not null && First is not null && !header.TraceId.AsSpan().SequenceEqual(
                First.Header.TraceId))
            {
                RemoveFile(path);
            }
            else if (header is null || header.Step != step || header.Ordinal != ordinal
                || !header.HasRoots)
            {
                RemoveFile(path);
                _ = ordinal == 0 || _lost.TryAdd(step, ordinal);
            }
            else
            {
                _checkpoints[step] = new Checkpoint(path, header);
            }
        }

        foreach (Checkpoint point in _checkpoints.Values.ToArray())
        {
            ulong baseOrdinal = point.Header.Ordinal & (point.Header.Ordinal - 1);
            if (ChainOf(point) is null && point.IsProbe)
            {
                Remove(point);
            }
            else if (baseOrdinal != 0 && !Has(point.Header.BaseStep))
            {
                _ = _lost.TryAdd(point.Header.BaseStep, baseOrdinal);
            }
        }

        _probes.AddRange(_checkpoints.Values.Where(point => point.IsProbe)
            .OrderBy(point => File.GetLastWriteTimeUtc(point.FilePath)));
        ulong end = _checkpoints.Values.LastOrDefault()?.Step ?? 0;
        foreach (ulong beyond in _lost.Keys.Where(step => step > end).ToArray())
        {
            _ = _lost.Remove(beyond);
        }
    }

    private static NativeHeader? TryReadHeader(string path)
    {
        try
        {
            return InputFile.Read(
                path, "checkpoint", ErrorCode.InvalidState,
                stream => NativeTable.ReadHeader((FileStream)stream));
        }
        catch (CulverinException)
        {
            return null;
        }
    }
}
