using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Culverin.Commit;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Files;

/// <summary>Writes native state files, whole or not at all.</summary>
internal static unsafe class NativeStateWriter
{
    /// <summary>From this many pages on a second core is worth its start-up.</summary>
    private const int ParallelPagesMin = 512;

    private const int RunBytesMax = 1 << 26;

    /// <summary>Writes a whole state, without hashes, since no reader would believe them.</summary>
    public static void Write(string path, MachineImage image)
    {
        byte[] record = RecordOf(image);
        ulong[] pages = [.. image.Memory.PresentPages()];
        nint[] contents = [.. pages.Select(page => (nint)image.Memory.PageForReading(page))];
        Write(path, HeaderOf(image, record, pages.Length), record, pages, contents, []);
    }

    /// <summary>The state record: registers, threads and the unfinished hint.</summary>
    public static byte[] RecordOf(MachineImage image)
    {
        using var record = new MemoryStream();
        if (image is MachineImage<uint> image32)
        {
            BinaryState.WriteState(record, image32);
        }
        else
        {
            BinaryState.WriteState(record, (MachineImage<ulong>)image);
        }

        return record.ToArray();
    }

    /// <summary>The head of a whole state.</summary>
    public static NativeHeader HeaderOf(MachineImage image, byte[] record, int pageCount)
    {
        (ulong step, bool hasExited) = image is MachineImage<uint> image32
            ? (image32.State.Step, image32.State.Exited)
            : (((MachineImage<ulong>)image).State.Step, ((MachineImage<ulong>)image).State.Exited);
        return new NativeHeader
        {
            Version = image.Features.Version,
            Flags = hasExited ? NativeFlags.HasExited : NativeFlags.None,
            Step = step,
            PageCount = pageCount,
            RecordBytes = record.Length,
        };
    }

    /// <summary>Writes a file from its parts.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Its head, but for the checksum.</param>
    /// <param name="record">The state record.</param>
    /// <param name="pages">Page indexes, ascending.</param>
    /// <param name="contents">Where the 4096 bytes of each page are; nobody may write them meanwhile.</param>
    /// <param name="roots">The pages' hashes, 32 bytes each, if the head says that the file has them.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static void Write(
        string path, NativeHeader header, byte[] record, ulong[] pages, nint[] contents, byte[] roots)
    {
        byte[] body = new byte[header.BodyBytes];
        record.CopyTo(body, 0);
        FillTable(body, header, pages, contents, roots);
        byte[] head = (header with { BodyChecksum = Checksum64.Of(body) }).ToBytes();
        AtomicFile.Write(path, file =>
        {
            file.Write(head);
            file.Write(body);
            WritePages(file, contents);
        });
    }

    /// <summary>Hashes pages.</summary>
    /// <param name="contents">Where their 4096 bytes are.</param>
    /// <returns>32 bytes a page.</returns>
    public static byte[] RootsOf(nint[] contents)
    {
        byte[] roots = new byte[contents.Length * Keccak256.DigestSizeBytes];
        ForGroups(contents.Length, (start, end) =>
        {
            // SAFETY: both arrays are pinned while the group is hashed; groups do not overlap.
            byte** targets = stackalloc byte*[PageHasher.GroupSize];
            fixed (byte* firstRoot = roots)
            fixed (nint* firstPage = &contents[start])
            {
                for (int row = start; row < end; row++)
                {
                    targets[row - start] = firstRoot + (row * Keccak256.DigestSizeBytes);
                }

                PageHasher.HashPages((byte**)firstPage, targets, end - start);
            }
        });
        return roots;
    }

    private static void FillTable(
        byte[] body, NativeHeader header, ulong[] pages, nint[] contents, byte[] roots)
    {
        ForGroups(contents.Length, (start, end) =>
        {
            for (int row = start; row < end; row++)
            {
                // SAFETY: the caller's pages have this many bytes each.
                var content = new ReadOnlySpan<byte>((void*)contents[row], GuestMemory.PageSizeBytes);
                Span<byte> entry = body.AsSpan(
                    (int)header.TableOffset + (row * header.RowSizeBytes), header.RowSizeBytes);
                BinaryPrimitives.WriteUInt64LittleEndian(entry, pages[row]);
                BinaryPrimitives.WriteUInt64LittleEndian(entry[sizeof(ulong)..], Checksum64.Of(content));
                if (header.HasRoots)
                {
                    roots.AsSpan(row * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes)
                        .CopyTo(entry[(2 * sizeof(ulong))..]);
                }
            }
        });
    }

    private static void ForGroups(int count, Action<int, int> act)
    {
        int groups = (count + PageHasher.GroupSize - 1) / PageHasher.GroupSize;
        if (count >= ParallelPagesMin && Environment.ProcessorCount > 1)
        {
            _ = Parallel.For(0, groups, group => Act(group));
            return;
        }

        for (int group = 0; group < groups; group++)
        {
            Act(group);
        }

        void Act(int group)
        {
            int start = group * PageHasher.GroupSize;
            act(start, Math.Min(start + PageHasher.GroupSize, count));
        }
    }

    private static void WritePages(Stream file, nint[] contents)
    {
        int start = 0;
        for (int row = 1; row <= contents.Length; row++)
        {
            bool continues = row < contents.Length
                && contents[row] == contents[row - 1] + GuestMemory.PageSizeBytes
                && (row - start) * (long)GuestMemory.PageSizeBytes < RunBytesMax;
            if (!continues)
            {
                // SAFETY: the pages of the run follow each other without a gap.
                file.Write(new ReadOnlySpan<byte>(
                    (void*)contents[start], (row - start) * GuestMemory.PageSizeBytes));
                start = row;
            }
        }
    }
}
