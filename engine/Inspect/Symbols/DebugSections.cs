using System.Buffers.Binary;
using System.IO.Compression;
using Culverin.Guest;

namespace Culverin.Inspect.Symbols;

/// <summary>
/// The sections of a program that hold debug data, unpacked when first asked for: plain, compressed as the
/// ELF documents say (SHF_COMPRESSED), or as older linkers did (.zdebug_).
/// </summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class DebugSections(ElfFile elf)
{
    /// <summary>Most bytes that all sections together may unpack to.</summary>
    public const int UnpackedMaxBytes = 1 << 30;

    private const uint ZlibType = 1;
    private const int OldHeaderSizeBytes = 12;
    private const string Prefix = ".debug_";
    private const string OldPrefix = ".zdebug_";

    private readonly Dictionary<string, byte[]> _known = [];
    private long _unpackedBytes;

    /// <summary>Whether the program has 64-bit words.</summary>
    public bool Is64 => elf.Is64;

    /// <summary>Bytes of an address.</summary>
    public int AddressSizeBytes => elf.Is64 ? sizeof(ulong) : sizeof(uint);

    /// <summary>A section's bytes; empty where there is none.</summary>
    /// <param name="name">Its name, such as ".debug_info" or ".gopclntab".</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/>.</exception>
    public byte[] Of(string name)
    {
        if (!_known.TryGetValue(name, out byte[]? content))
        {
            content = Read(name);
            _known[name] = content;
        }

        return content;
    }

    /// <summary>The section's address in memory; 0 for none.</summary>
    public ulong AddressOf(string name) => Find(name)?.Address ?? 0;

    private ElfSection? Find(string name) => elf.Sections.FirstOrDefault(section => section.Name == name);

    private byte[] Read(string name)
    {
        if (Find(name) is { } section)
        {
            ReadOnlySpan<byte> content = elf.ContentOf(section);
            return section.IsCompressed ? Unpack(name, content) : content.ToArray();
        }

        string old = name.Replace(Prefix, OldPrefix, StringComparison.Ordinal);
        if (Find(old) is not { } packed || old == name)
        {
            return [];
        }

        ReadOnlySpan<byte> bytes = elf.ContentOf(packed);
        return bytes.Length >= OldHeaderSizeBytes && bytes.StartsWith("ZLIB"u8)
            ? Inflate(name, bytes[OldHeaderSizeBytes..], BinaryPrimitives.ReadUInt64BigEndian(bytes[4..]))
            : throw DebugCursor.Invalid($"{old} does not begin with ZLIB");
    }

    private byte[] Unpack(string name, ReadOnlySpan<byte> content)
    {
        var cursor = new DebugCursor(content);
        uint type = cursor.UInt32();
        if (type != ZlibType)
        {
            throw DebugCursor.Invalid($"{name} is packed by method {type}; only 1, zlib, can be unpacked");
        }

        ulong size;
        if (elf.Is64)
        {
            cursor.Skip(sizeof(uint));
            size = cursor.UInt64();
            cursor.Skip(sizeof(ulong));
        }
        else
        {
            size = cursor.UInt32();
            cursor.Skip(sizeof(uint));
        }

        return Inflate(name, content[cursor.Position..], size);
    }

    private byte[] Inflate(string name, ReadOnlySpan<byte> packed, ulong size)
    {
        if (size > (ulong)(UnpackedMaxBytes - _unpackedBytes))
        {
            throw DebugCursor.Invalid($"its sections would unpack to more than {UnpackedMaxBytes >> 20} MiB");
        }

        // Grows with what really comes: the size is only what the file says.
        using var source = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
        using var target = new MemoryStream();
        byte[] block = new byte[1 << 16];
        try
        {
            for (int count; (count = source.Read(block)) > 0;)
            {
                if ((ulong)(target.Length + count) > size)
                {
                    throw DebugCursor.Invalid($"{name} unpacks to more than the {size} bytes that it says");
                }

                target.Write(block, 0, count);
            }
        }
        catch (InvalidDataException)
        {
            throw DebugCursor.Invalid($"{name} cannot be unpacked");
        }

        _unpackedBytes += target.Length;
        return (ulong)target.Length == size
            ? target.ToArray()
            : throw DebugCursor.Invalid($"{name} unpacks to {target.Length} bytes, not to {size}");
    }
}
