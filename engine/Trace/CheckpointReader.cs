using System;
using System.Collections.Generic;
using System.Numerics;
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

    private static MachineImage<TWord> Read<TWord>(
        IReadOnlyList<Checkpoint> chain, GuestMemory memory, ref Checkpoint? damaged)
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        MachineState<TWord>? state = null;
        try
        {
            HashSet<ulong> seen = [];
            var pages = new List<ulong>();
            var roots = new List<byte>();
            foreach (Checkpoint point in chain)
            {
                damaged = point;
                _ = point.Use(file =>
                {
                    NativeTable read = NativeTable.Read(file);
                    state ??= read.ReadState<TWord>();
                    int[] rows = Unseen(read, seen);
                    NativeStateReader.ReadPages(file, read, rows, memory, mayMap: true);
                    foreach (int row in rows)
                    {
                        pages.Add(read.Pages[row]);
                        roots.AddRange(read.Roots.AsSpan(
                            row * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes));
                    }

                    return read;
                });
            }

            damaged = null;
            memory.StartChangeLog();
            return new MachineImage<TWord>(memory, state!)
            {
                KnownRoots = new PageRoots([.. pages], [.. roots]),
            };
        }
        catch
        {
            state?.Dispose();
            memory.Dispose();
            throw;
        }
    }

    // The newest content of a page is in the first file that has it.
    private static int[] Unseen(NativeTable table, HashSet<ulong> seen)
    {
        var rows = new List<int>(table.Pages.Length);
        for (int row = 0; row < table.Pages.Length; row++)
        {
            if (seen.Add(table.Pages[row]))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
