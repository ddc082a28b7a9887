using System.Buffers.Binary;
using System.Numerics;
using Culverin.Files.Streams;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Files;

/// <summary>Everything in a native state file but the pages' contents.</summary>
internal sealed class NativeTable
{
    private readonly byte[] _body;

    private NativeTable(NativeHeader header, byte[] body, ulong[] pages, ulong[] checksums, byte[] roots)
    {
        Header = header;
        _body = body;
        Pages = pages;
        Checksums = checksums;
        Roots = roots;
    }

    /// <summary>The head.</summary>
    public NativeHeader Header { get; }

    /// <summary>Page indexes, ascending.</summary>
    public ulong[] Pages { get; }

    /// <summary>Checksums of the pages' contents.</summary>
    public ulong[] Checksums { get; }

    /// <summary>32 bytes per page; nothing in a file without hashes.</summary>
    public byte[] Roots { get; }

    /// <summary>Reads the head of an open file.</summary>
    /// <exception cref="MalformedException">It is none, or damaged.</exception>
    public static NativeHeader ReadHeader(FileStream file)
    {
        if (!file.CanSeek)
        {
            throw new MalformedException("it is not a regular file");
        }

        byte[] head = new byte[NativeHeader.SizeBytes];
        file.Position = 0;
        file.ReadExactly(head);
        return NativeHeader.Read(head, file.Length);
    }

    /// <summary>Reads head, record and table.</summary>
    /// <exception cref="MalformedException">They are damaged.</exception>
    public static NativeTable Read(FileStream file)
    {
        NativeHeader header = ReadHeader(file);
        byte[] body = GC.AllocateUninitializedArray<byte>((int)header.BodyBytes);
        file.ReadExactly(body);
        if (Checksum64.Of(body) != header.BodyChecksum)
        {
            throw new MalformedException("its registers or its table of pages are damaged");
        }

        int count = (int)header.PageCount;
        ulong[] pages = new ulong[count];
        ulong[] checksums = new ulong[count];
        byte[] roots = new byte[header.HasRoots ? count * Keccak256.DigestSizeBytes : 0];
        int pageBits = FeatureSet.Of(header.Version).WordBits - GuestMemory.PageShift;
        ReadOnlySpan<byte> table = body.AsSpan((int)header.TableOffset);
        for (int row = 0; row < count; row++)
        {
            ReadOnlySpan<byte> entry = table.Slice(row * header.RowSizeBytes, header.RowSizeBytes);
            pages[row] = BinaryPrimitives.ReadUInt64LittleEndian(entry);
            checksums[row] = BinaryPrimitives.ReadUInt64LittleEndian(entry[sizeof(ulong)..]);
            if (pages[row] >> pageBits != 0 || (row > 0 && pages[row] <= pages[row - 1]))
            {
                throw new MalformedException(
                    $"page 0x{pages[row]:x} is out of order or outside the address space");
            }

            if (header.HasRoots)
            {
                entry[(2 * sizeof(ulong))..].CopyTo(roots.AsSpan(row * Keccak256.DigestSizeBytes));
            }
        }

        return new NativeTable(header, body, pages, checksums, roots);
    }

    /// <summary>Parses registers and threads into a new state, which the caller disposes.</summary>
    /// <exception cref="MalformedException">They are wrong.</exception>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidState"/>.</exception>
    public MachineState<TWord> ReadState<TWord>()
        where TWord : unmanaged, IBinaryInteger<TWord>
    {
        using var record = new MemoryStream(_body, 0, (int)Header.RecordBytes, writable: false);
        MachineState<TWord> state =
            BinaryState.ReadState<TWord>(record, FeatureSet.Of(Header.Version));
        bool hasExited = (Header.Flags & NativeFlags.HasExited) != 0;
        if (record.Position == record.Length && state.Step == Header.Step && state.Exited == hasExited)
        {
            return state;
        }

        state.Dispose();
        throw new MalformedException("its registers do not fit its head");
    }
}
