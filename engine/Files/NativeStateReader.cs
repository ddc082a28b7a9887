using System.Numerics;
using Culverin.Files.Streams;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Files;

/// <summary>
/// Reads the pages of native state files into a guest's memory, on all cores, and compares each of them with
/// its checksum there.
/// </summary>
/// <remarks>
/// Files are read and not mapped: one that is cut short while it is mapped would end the process that touches
/// the lost part, and one that is written over would change what has been checked.
/// A checksum finds damage; whoever makes a file on purpose makes its checksums too. So hashes in a file from
/// outside are never believed: all pages of <see cref="ReadImage"/> are dirty, and the state hash is computed
/// from what they hold. Only the owner of a trace index takes hashes from files, its own ones.
/// </remarks>
internal static unsafe class NativeStateReader
{
    /// <summary>A run of this many fills a large page of the host, 2 MiB.</summary>
    private const int LargeRunPages = 512;

    /// <summary>Each is a mapping of its own, of which Linux allows a process some 65,000.</summary>
    private const int LargeRunsMax = 4096;

    /// <summary>Pages that a core reads and checks at a time.</summary>
    private const int ChunkPages = 256;

    private const int NoRow = -1;

    /// <summary>Reads a whole state.</summary>
    /// <returns>The image; all of its pages are dirty.</returns>
    /// <exception cref="MalformedException">The file is wrong.</exception>
    public static MachineImage ReadImage(FileStream file)
    {
        NativeTable table = NativeTable.Read(file);
        if (table.Header.IsDelta)
        {
            throw new MalformedException("it holds the changes of a trace only, not a whole state");
        }

        return FeatureSet.Of(table.Header.Version).WordBits == 32
            ? ReadImage<uint>(file, table, new FlatMemory())
            : ReadImage<ulong>(file, table, new SparseMemory());
    }

    /// <summary>Brings some pages into a memory, which is then as if they had been written.</summary>
    /// <param name="file">The file.</param>
    /// <param name="table">Its table.</param>
    /// <param name="rows">Which, by their place in the table, ascending.</param>
    /// <param name="memory">The guest's memory.</param>
    /// <exception cref="MalformedException">A page is damaged.</exception>
    public static void ReadPages(FileStream file, NativeTable table, int[] rows, GuestMemory memory)
    {
        nint[] targets = new nint[rows.Length];
        for (int number = 0; number < rows.Length; number++)
        {
            targets[number] = (nint)memory.PageForWriting(table.Pages[rows[number]]);
        }

        AskForLargePages(rows, targets);
        SafeFileHandle handle = file.SafeFileHandle;
        int damaged = NoRow;
        int chunks = (rows.Length + ChunkPages - 1) / ChunkPages;
        Action<int> check = chunk =>
        {
            int start = chunk * ChunkPages;
            int end = Math.Min(start + ChunkPages, rows.Length);
            ReadRuns(handle, table, rows, targets, start, end);
            for (int number = start; number < end; number++)
            {
                // SAFETY: each target is a page of the memory, which the caller keeps.
                var content = new ReadOnlySpan<byte>((void*)targets[number], GuestMemory.PageSizeBytes);
                if (Checksum64.Of(content) != table.Checksums[rows[number]])
                {
                    Interlocked.Exchange(ref damaged, rows[number]);
                }
            }
        };
        ForEach(chunks, check);
        if (damaged != NoRow)
        {
            throw new MalformedException($"page 0x{table.Pages[damaged]:x} is damaged");
        }
    }

    private static MachineImage<TWord> ReadImage<TWord>(
        FileStream file, NativeTable table, GuestMemory memory)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        MachineState<TWord>? state = null;
        try
        {
            state = table.ReadState<TWord>();
            ReadPages(file, table, [.. Enumerable.Range(0, table.Pages.Length)], memory);
            return new MachineImage<TWord>(memory, state);
        }
        catch
        {
            state?.Dispose();
            memory.Dispose();
            throw;
        }
    }

    private static void ForEach(int chunks, Action<int> act)
    {
        if (chunks > 1 && Environment.ProcessorCount > 1)
        {
            try
            {
                _ = Parallel.For(0, chunks, act);
            }
            catch (AggregateException error) when (error.InnerException is { } first)
            {
                // The file became shorter or unreadable meanwhile; callers know the plain exception.
                throw new IOException(first.Message, first);
            }

            return;
        }

        for (int chunk = 0; chunk < chunks; chunk++)
        {
            act(chunk);
        }
    }

    private static void AskForLargePages(int[] rows, nint[] targets)
    {
        foreach ((int start, int end) in Runs(rows, targets, 0, rows.Length)
            .Where(run => run.End - run.Start >= LargeRunPages).Take(LargeRunsMax))
        {
            // SAFETY: the run lies in one piece in the guest's memory.
            ReservedMemory.WillBeFilled(
                (byte*)targets[start], (nuint)(end - start) * GuestMemory.PageSizeBytes);
        }
    }

    private static void ReadRuns(
        SafeFileHandle file, NativeTable table, int[] rows, nint[] targets, int from, int to)
    {
        foreach ((int start, int end) in Runs(rows, targets, from, to))
        {
            // SAFETY: the run lies in one piece in the guest's memory.
            var target = new Span<byte>(
                (void*)targets[start], (end - start) * GuestMemory.PageSizeBytes);
            long offset = OffsetOf(table, rows[start]);
            while (!target.IsEmpty)
            {
                int count = RandomAccess.Read(file, target, offset);
                if (count == 0)
                {
                    throw new EndOfStreamException();
                }

                target = target[count..];
                offset += count;
            }
        }
    }

    /// <summary>Pieces that lie together both in the file and in memory.</summary>
    private static IEnumerable<(int Start, int End)> Runs(int[] rows, nint[] targets, int from, int to)
    {
        int start = from;
        for (int number = from + 1; number <= to; number++)
        {
            if (number == to
                || rows[number] != rows[number - 1] + 1
                || targets[number] != targets[number - 1] + GuestMemory.PageSizeBytes)
            {
                yield return (start, number);
                start = number;
            }
        }
    }

    private static long OffsetOf(NativeTable table, int row) =>
        table.Header.PagesOffset + ((long)row * GuestMemory.PageSizeBytes);
}
