using System.Numerics;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Trace;

/// <summary>Puts a state together from a checkpoint and those that complete it.</summary>
internal static class CheckpointReader
{
    /// <summary>Reads a state.</summary>
    /// <param name="chain">The checkpoint, what it is based on, and so on; the first state at last.</param>
    /// <param name="damaged">Gets the file that was damaged, if it fails for that.</param>
    /// <returns>
    /// The image with its pages' hashes; the caller disposes it. It lists changes from now on.
    /// </returns>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidState"/> for damage.</exception>
    public static MachineImage Read(IReadOnlyList<Checkpoint> chain, out Checkpoint? damaged)
    {
        damaged = null;
        return FeatureSet.Of(chain[0].Header.Version).WordBits == 32
            ? Read<uint>(chain, new FlatMemory(), ref damaged)
            : Read<ulong>(chain, new SparseMemory(), ref damaged);
    }

    /// <summary>
    /// Takes a machine's state to a checkpoint by replacing only the pages that may differ, which keeps what
    /// the machine knows of the program. A page that the guest had not written yet stays present, with zeros:
    /// no hash and no proof tells it from an absent one.
    /// </summary>
    /// <param name="image">The machine's state.</param>
    /// <param name="from">The checkpoint since which it lists changes, and those that complete it.</param>
    /// <param name="to">Where to go, likewise.</param>
    /// <returns>The hashes of all pages that are dirty now.</returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidState"/> for damage; the machine is then of no use any more.
    /// </exception>
    public static PageRoots Rewind(
        MachineImage image, IReadOnlyList<Checkpoint> from, IReadOnlyList<Checkpoint> to)
    {
        GuestMemory memory = image.Memory;
        HashSet<ulong> missing = [.. memory.ChangedPages, .. memory.DirtyPages];
        foreach (Checkpoint point in from.Except(to).Concat(to.Except(from)))
        {
            foreach (ulong page in point.Pages)
            {
                _ = missing.Add(page);
            }
        }

        ulong[] replaced = [.. missing];
        var found = new FoundPages();
        for (int index = 0; index < to.Count; index++)
        {
            bool isTarget = index == 0;
            if (isTarget || missing.Count > 0)
            {
                _ = to[index].Use(file =>
                {
                    NativeTable table = NativeTable.Read(file);
                    found.Take(file, table, missing.Remove, memory);
                    if (isTarget)
                    {
                        TakeOver(image, table);
                    }

                    return table;
                });
            }
        }

        foreach (ulong page in missing)
        {
            Clear(memory, page);
            found.Add(page, ZeroHashes.Level(PageHasher.Levels));
        }

        foreach (ulong page in replaced)
        {
            memory.PageReplaced(page);
        }

        memory.ClearChanges();
        return found.ToRoots();
    }

    private static MachineImage<TWord> Read<TWord>(
        IReadOnlyList<Checkpoint> chain, GuestMemory memory, ref Checkpoint? damaged)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        MachineState<TWord>? state = null;
        try
        {
            HashSet<ulong> seen = [];
            var found = new FoundPages();
            foreach (Checkpoint point in chain)
            {
                damaged = point;
                _ = point.Use(file =>
                {
                    NativeTable table = NativeTable.Read(file);
                    state ??= table.ReadState<TWord>();
                    found.Take(file, table, seen.Add, memory);
                    return table;
                });
            }

            damaged = null;
            memory.StartChangeLog();
            return new MachineImage<TWord>(memory, state!) { KnownRoots = found.ToRoots() };
        }
        catch
        {
            state?.Dispose();
            memory.Dispose();
            throw;
        }
    }

    private static void TakeOver(MachineImage image, NativeTable table)
    {
        if (image is MachineImage<uint> image32)
        {
            using MachineState<uint> state = table.ReadState<uint>();
            image32.State.TakeOver(state);
        }
        else
        {
            using MachineState<ulong> state = table.ReadState<ulong>();
            ((MachineImage<ulong>)image).State.TakeOver(state);
        }
    }

    // SAFETY: a page has exactly this many bytes.
    private static unsafe void Clear(GuestMemory memory, ulong page) =>
        new Span<byte>(memory.PageForWriting(page), GuestMemory.PageSizeBytes).Clear();

    /// <summary>
    /// Pages and hashes from several files; the newest content is in the first that has it.
    /// </summary>
    private sealed class FoundPages
    {
        private readonly List<ulong> _pages = [];
        private readonly List<byte> _roots = [];

        public void Add(ulong page, ReadOnlySpan<byte> root)
        {
            _pages.Add(page);
            _roots.AddRange(root);
        }

        /// <summary>Reads those pages of a file that are wanted.</summary>
        public void Take(
            FileStream file, NativeTable table, Predicate<ulong> isWanted, GuestMemory memory)
        {
            var rows = new List<int>();
            for (int row = 0; row < table.Pages.Length; row++)
            {
                if (isWanted(table.Pages[row]))
                {
                    rows.Add(row);
                    Add(table.Pages[row], table.Roots.AsSpan(
                        row * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes));
                }
            }

            NativeStateReader.ReadPages(file, table, [.. rows], memory);
        }

        public PageRoots ToRoots() => new([.. _pages], [.. _roots]);
    }
}
