using System.Runtime.InteropServices;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Trace;

/// <summary>
/// Makes checkpoints of a running machine: copies what has changed, which the run waits for, and hashes and
/// writes the copy beside the run. One thread at a time.
/// </summary>
internal sealed unsafe class CheckpointWriter : IDisposable
{
    /// <summary>More pages are written from the guest's memory itself, while the run waits.</summary>
    private const int CopiedPagesMax = 8192;

    private readonly CheckpointStore _store;
    private ReservedMemory? _copy;
    private Task _pending = Task.CompletedTask;

    public CheckpointWriter(CheckpointStore store) => _store = store;

    /// <summary>Whether the last checkpoint is still being written.</summary>
    public bool IsBusy => !_pending.IsCompleted;

    /// <summary>Makes a checkpoint of a machine's state; its list of changed pages begins anew.</summary>
    /// <param name="image">The machine's state.</param>
    /// <param name="start">
    /// The checkpoint since which the image lists changes, and those that complete it.
    /// </param>
    /// <param name="ordinal">Place along the trace; 0 for a query's.</param>
    /// <returns>The new checkpoint and those that complete it.</returns>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, also when the checkpoint before could not be written.
    /// </exception>
    public IReadOnlyList<Checkpoint> Write(
        MachineImage image, IReadOnlyList<Checkpoint> start, ulong ordinal)
    {
        Flush();
        ulong baseOrdinal = ordinal == 0 ? ulong.MaxValue : ordinal - Checkpoint.RankOf(ordinal);
        int baseIndex = 0;
        while (start[baseIndex].IsProbe || start[baseIndex].Header.Ordinal > baseOrdinal)
        {
            baseIndex++;
        }

        ulong[] pages = ChangedSince(image.Memory, start, baseIndex);
        byte[] record = NativeStateWriter.RecordOf(image);
        NativeHeader head = NativeStateWriter.HeaderOf(image, record, pages.Length);
        NativeHeader header = head with
        {
            Flags = head.Flags | NativeFlags.HasRoots | NativeFlags.IsDelta
                | (ordinal == 0 ? NativeFlags.IsProbe : NativeFlags.None),
            BaseStep = start[baseIndex].Step,
            Ordinal = ordinal,
            TraceId = start[^1].Header.TraceId,
        };
        var point = new Checkpoint(_store.PathOf(header.Step, ordinal), header, pages);
        nint[] contents = pages.Length <= CopiedPagesMax
            ? CopyPages(image.Memory, pages)
            : PagesOf(image.Memory, pages);
        _pending = Task.Run(() => NativeStateWriter.Write(
            point.FilePath, header, record, pages, contents, PageHasher.RootsOf(contents)));
        point.Written = _pending;
        if (pages.Length > CopiedPagesMax)
        {
            Flush();
        }

        image.Memory.ClearChanges();
        _store.Add(point);
        var chain = new List<Checkpoint> { point };
        for (int index = baseIndex; index < start.Count; index++)
        {
            chain.Add(start[index]);
        }

        return chain;
    }

    /// <summary>Waits until everything is on disk.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void Flush()
    {
        Task pending = _pending;
        _pending = Task.CompletedTask;
        pending.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        // The task reads the copy, so it must have ended; what failed does not matter any more.
        ((IAsyncResult)_pending).AsyncWaitHandle.WaitOne();
        _copy?.Dispose();
    }

    private static ulong[] ChangedSince(
        GuestMemory memory, IReadOnlyList<Checkpoint> start, int baseIndex)
    {
        var all = new List<ulong>(memory.ChangedPages);
        for (int index = 0; index < baseIndex; index++)
        {
            all.AddRange(start[index].Pages);
        }

        all.Sort();
        int kept = 0;
        foreach (ulong page in CollectionsMarshal.AsSpan(all))
        {
            if (kept == 0 || all[kept - 1] != page)
            {
                all[kept++] = page;
            }
        }

        return [.. CollectionsMarshal.AsSpan(all)[..kept]];
    }

    private static nint[] PagesOf(GuestMemory memory, ulong[] pages)
    {
        nint[] contents = new nint[pages.Length];
        for (int row = 0; row < pages.Length; row++)
        {
            contents[row] = (nint)memory.PageForReading(pages[row]);
        }

        return contents;
    }

    private nint[] CopyPages(GuestMemory memory, ulong[] pages)
    {
        _copy ??= new ReservedMemory((ulong)CopiedPagesMax * GuestMemory.PageSizeBytes);
        nint[] contents = new nint[pages.Length];
        for (int row = 0; row < pages.Length; row++)
        {
            // SAFETY: there are no more pages than the copy has room for, and both sides have a whole page.
            byte* target = _copy.Start + ((long)row * GuestMemory.PageSizeBytes);
            Buffer.MemoryCopy(
                memory.PageForReading(pages[row]), target,
                GuestMemory.PageSizeBytes, GuestMemory.PageSizeBytes);
            contents[row] = (nint)target;
        }

        return contents;
    }
}
