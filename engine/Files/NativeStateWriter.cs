using System.Buffers.Binary;
using CommunityToolkit.HighPerformance.Buffers;
using CommunityToolkit.HighPerformance.Helpers;
using Culverin.Files.Streams;
using Culverin.Primitives;
using Culverin.State;

namespace Culverin.Files;

/// <summary>Writes native state files, whole or not at all.</summary>
internal static unsafe class NativeStateWriter
{
    /// <summary>A core gets at least this many pages, for less is not worth its start-up.</summary>
    private const int PagesPerCoreMin = 256;

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
    public static NativeHeader HeaderOf(MachineImage image, byte[] record, int pageCount) => new()
    {
        Version = image.Features.Version,
        Flags = image.Exited ? NativeFlags.HasExited : NativeFlags.None,
        Step = image.Step,
        PageCount = pageCount,
        RecordBytes = record.Length,
    };

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
        // Rented: a trace writes one after the other, and cleared: not all of it is written below.
        using MemoryOwner<byte> body =
            MemoryOwner<byte>.Allocate(checked((int)header.BodyBytes), AllocationMode.Clear);
        record.CopyTo(body.Span);
        Memory<byte> table = body.Memory[(int)header.TableOffset..];
        ParallelHelper.For(
            0, contents.Length, new RowWriting(table, header, pages, contents, roots), PagesPerCoreMin);
        byte[] head = (header with { BodyChecksum = Checksum64.Of(body.Span) }).ToBytes();
        AtomicFile.Write(path, file =>
        {
            file.Write(head);
            file.Write(body.Span);
            WritePages(file, contents);
        });
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

    private readonly struct RowWriting(
        Memory<byte> table, NativeHeader header, ulong[] pages, nint[] contents, byte[] roots) : IAction
    {
        public void Invoke(int row)
        {
            // SAFETY: the caller's pages have this many bytes each.
            var content = new ReadOnlySpan<byte>((void*)contents[row], GuestMemory.PageSizeBytes);
            Span<byte> entry = table.Span.Slice(row * header.RowSizeBytes, header.RowSizeBytes);
            BinaryPrimitives.WriteUInt64LittleEndian(entry, pages[row]);
            BinaryPrimitives.WriteUInt64LittleEndian(entry[sizeof(ulong)..], Checksum64.Of(content));
            if (header.HasRoots)
            {
                roots.AsSpan(row * Keccak256.DigestSizeBytes, Keccak256.DigestSizeBytes)
                    .CopyTo(entry[(2 * sizeof(ulong))..]);
            }
        }
    }
}
