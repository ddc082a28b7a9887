using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Culverin.Oracle;

/// <summary>
/// The record file: a header, then records, then an end record. All integers are big-endian.
/// <code>
/// header   8 bytes "CULVERIN" | u32 version = 1 | u32 checksum of the 12 bytes before
/// record   u32 kind | u32 checksum of kind, length, key | u64 length | 32-byte key | payload | u32 checksum
/// kinds    1 = pre-image (payload = value)   2 = hint (key zero)   3 = end (key zero, payload = u64 count)
/// </code>
/// Checksums are CRC-32C. The head has its own one, so that a file can be indexed without reading payloads
/// and a damaged length leads nobody astray. The end record counts the records before it and is the last
/// thing in the file: without it the recording was cut short.
/// </summary>
internal static class RecordFormat
{
    /// <summary>The size of the header in bytes.</summary>
    public const int HeaderBytes = 16;

    /// <summary>The size of the fixed part before a payload in bytes.</summary>
    public const int HeadBytes = 48;

    /// <summary>The size of the checksum after a payload in bytes.</summary>
    public const int ChecksumBytes = 4;

    /// <summary>The size of the end record's payload in bytes.</summary>
    public const int EndPayloadBytes = 8;

    /// <summary>
    /// The most records a file may have, so that its index stays within some hundred megabytes.
    /// </summary>
    public const int RecordCountMax = 4 * 1024 * 1024;

    private const uint Version = 1;
    private const int KeyOffset = 16;

    private static ReadOnlySpan<byte> Magic => "CULVERIN"u8;

    /// <summary>Makes the header.</summary>
    public static byte[] Header()
    {
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(12), Checksum(header.AsSpan(0, 12)));
        return header;
    }

    /// <summary>Says what is wrong with a header, or null when it is right.</summary>
    public static string? HeaderFault(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderBytes || !header.StartsWith(Magic))
        {
            return "it is not a record file";
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(header[12..]) != Checksum(header[..12]))
        {
            return "its header is damaged";
        }

        uint version = BinaryPrimitives.ReadUInt32BigEndian(header[8..]);
        return version == Version ? null : $"its version {version} is not known";
    }

    /// <summary>Makes the head of a record; the key is 32 bytes or empty.</summary>
    public static byte[] Head(RecordKind kind, ReadOnlySpan<byte> key, long lengthBytes)
    {
        byte[] head = new byte[HeadBytes];
        BinaryPrimitives.WriteUInt32BigEndian(head, (uint)kind);
        BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(8), lengthBytes);
        key.CopyTo(head.AsSpan(KeyOffset));
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(4), HeadChecksum(head));
        return head;
    }

    /// <summary>
    /// Reads the head of a record; false when its checksum or its fields are wrong. The length is not
    /// negative, but may reach beyond the end of the file.
    /// </summary>
    public static bool TryReadHead(ReadOnlySpan<byte> head, out RecordKind kind, out long lengthBytes)
    {
        kind = (RecordKind)BinaryPrimitives.ReadUInt32BigEndian(head);
        lengthBytes = BinaryPrimitives.ReadInt64BigEndian(head[8..]);
        return BinaryPrimitives.ReadUInt32BigEndian(head[4..]) == HeadChecksum(head)
            && kind is RecordKind.Preimage or RecordKind.Hint or RecordKind.End
            && lengthBytes >= 0
            && (kind != RecordKind.End || lengthBytes == EndPayloadBytes);
    }

    /// <summary>The key within a head.</summary>
    public static ReadOnlySpan<byte> Key(ReadOnlySpan<byte> head) => head.Slice(KeyOffset, PreimageKey.Bytes);

    /// <summary>The CRC-32C of some bytes.</summary>
    public static uint Checksum(ReadOnlySpan<byte> data) => ~Continue(uint.MaxValue, data);

    private static uint HeadChecksum(ReadOnlySpan<byte> head)
    {
        // Everything but the checksum itself, which stands in bytes 4 to 7.
        return ~Continue(Continue(uint.MaxValue, head[..4]), head[8..HeadBytes]);
    }

    private static uint Continue(uint checksum, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(data);
        foreach (ulong word in words)
        {
            // The instruction takes a word with its first byte lowest.
            checksum = BitOperations.Crc32C(checksum, BitConverter.IsLittleEndian
                ? word
                : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (byte value in data[(words.Length * sizeof(ulong))..])
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        return checksum;
    }
}
