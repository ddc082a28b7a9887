using System.Buffers.Binary;
using Culverin.Files.Streams;
using Culverin.Primitives;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Files;

/// <summary>What a native state file has besides a plain state.</summary>
[Flags]
internal enum NativeFlags : ulong
{
    /// <summary>All pages of a state, without their hashes.</summary>
    None = 0,

    /// <summary>Each page has its hash in the table.</summary>
    HasRoots = 1,

    /// <summary>Only pages written since the state at the base step.</summary>
    IsDelta = 2,

    /// <summary>The guest has ended.</summary>
    HasExited = 4,

    /// <summary>Made by a query, not by the run that built the trace.</summary>
    IsProbe = 8,
}

/// <summary>
/// The head of a native state file. All numbers of the format are little-endian, but for the state record,
/// which has the bytes that a binary state has after its pages.
/// <code>
/// 0    8 bytes "CULVSTAT"      8  u32 format = 1       12  u32 state version   16  u64 flags
/// 24   u64 step               32  u64 base step        40  u64 ordinal         48  u64 pages
/// 56   u64 record length      64  32 bytes trace id    96  16 zero bytes
/// 112  u64 checksum of all from byte 128 to the first page    120  u64 checksum of bytes 0 to 119
/// 128  state record, zeros up to a multiple of 8
///      table: a row per page, ascending: u64 page index, u64 checksum; with HasRoots 32 bytes hash
///      zeros up to a multiple of 4096, then the pages in the same order; the file ends with the last
/// </code>
/// </summary>
internal sealed record NativeHeader
{
    /// <summary>Bytes of the head.</summary>
    public const int SizeBytes = 128;

    /// <summary>Bytes of a trace id.</summary>
    public const int TraceIdBytes = 32;

    private const uint Format = 1;
    private const int ReservedStart = 96;
    private const int ReservedEnd = 112;
    private const int ChecksumStart = 120;
    private const int RowBytes = 16;
    private const long RecordMaxBytes = 256 << 20;
    private const long BodyMaxBytes = 1 << 30;
    private const NativeFlags KnownFlags =
        NativeFlags.HasRoots | NativeFlags.IsDelta | NativeFlags.HasExited | NativeFlags.IsProbe;

    public required StateVersion Version { get; init; }

    public NativeFlags Flags { get; init; }

    public required ulong Step { get; init; }

    /// <summary>The step of the state that a delta completes.</summary>
    public ulong BaseStep { get; init; }

    /// <summary>Place in the order of checkpoints; 0 for a first state.</summary>
    public ulong Ordinal { get; init; }

    public required long PageCount { get; init; }

    public required long RecordBytes { get; init; }

    /// <summary>32 bytes that are the same in all files of a trace; zeros for a plain state.</summary>
    public byte[] TraceId { get; init; } = new byte[TraceIdBytes];

    public ulong BodyChecksum { get; init; }

    public bool HasRoots => (Flags & NativeFlags.HasRoots) != 0;

    public bool IsDelta => (Flags & NativeFlags.IsDelta) != 0;

    /// <summary>Bytes of a row of the table.</summary>
    public int RowSizeBytes => RowBytes + (HasRoots ? Keccak256.DigestSizeBytes : 0);

    /// <summary>Where the table begins, counted from the end of the head.</summary>
    public long TableOffset => (RecordBytes + 7) & ~7L;

    /// <summary>Where in the file the first page is.</summary>
    public long PagesOffset =>
        (SizeBytes + TableOffset + (PageCount * RowSizeBytes) + GuestMemory.PageSizeBytes - 1)
            & ~(GuestMemory.PageSizeBytes - 1L);

    /// <summary>Bytes between the head and the first page.</summary>
    public long BodyBytes => PagesOffset - SizeBytes;

    /// <summary>Length of the file.</summary>
    public long FileBytes => PagesOffset + (PageCount * GuestMemory.PageSizeBytes);

    private static ReadOnlySpan<byte> Magic => "CULVSTAT"u8;

    /// <summary>The head as bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[SizeBytes];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), Format);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), (uint)Version);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), (ulong)Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), Step);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(32), BaseStep);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), Ordinal);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), PageCount);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), RecordBytes);
        TraceId.CopyTo(bytes, 64);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(ReservedEnd), BodyChecksum);
        BinaryPrimitives.WriteUInt64LittleEndian(
            bytes.AsSpan(ChecksumStart), Checksum64.Of(bytes.AsSpan(0, ChecksumStart)));
        return bytes;
    }

    /// <summary>Reads a head and believes none of its lengths unless the file has them.</summary>
    /// <param name="bytes">At least <see cref="SizeBytes"/>.</param>
    /// <param name="fileBytes">Length of the whole file.</param>
    /// <exception cref="MalformedException">It is none, or damaged.</exception>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static NativeHeader Read(ReadOnlySpan<byte> bytes, long fileBytes)
    {
        Require(bytes.StartsWith(Magic), "it does not begin as a native state does");
        uint format = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        Require(format == Format, $"its format {format} is not known; {Format} is");
        ulong checksum = BinaryPrimitives.ReadUInt64LittleEndian(bytes[ChecksumStart..]);
        Require(checksum == Checksum64.Of(bytes[..ChecksumStart]), "its head is damaged");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        Require(version <= byte.MaxValue, $"state version {version} does not exist");
        var header = new NativeHeader
        {
            Version = FeatureSet.Of((StateVersion)version).Version,
            Flags = (NativeFlags)BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            Step = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BaseStep = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            Ordinal = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            PageCount = BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            RecordBytes = BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            TraceId = bytes.Slice(64, TraceIdBytes).ToArray(),
            BodyChecksum = BinaryPrimitives.ReadUInt64LittleEndian(bytes[ReservedEnd..]),
        };
        Require((header.Flags & ~KnownFlags) == 0, "it has flags that are not known");
        Require(
            !bytes[ReservedStart..ReservedEnd].ContainsAnyExcept((byte)0),
            "it has fields that are not known");
        Require(
            header.PageCount >= 0 && header.PageCount <= fileBytes / GuestMemory.PageSizeBytes,
            "it has fewer pages than it announces");
        Require(
            header.RecordBytes is >= 0 and <= RecordMaxBytes,
            $"it announces {header.RecordBytes} bytes of registers and threads");
        Require(header.BodyBytes <= BodyMaxBytes, $"it announces {header.PageCount} pages");
        Require(
            header.FileBytes == fileBytes,
            $"it has {fileBytes} bytes instead of the {header.FileBytes} that it announces");
        return header;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new MalformedException(otherwise);
        }
    }
}
