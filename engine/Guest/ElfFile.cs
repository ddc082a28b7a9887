using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Culverin.Guest;

/// <summary>A program header: where a piece of the file goes in memory.</summary>
/// <param name="Type">PT_ value.</param>
/// <param name="FileOffset">First byte in the file.</param>
/// <param name="VirtualAddress">First byte in memory.</param>
/// <param name="FileSizeBytes">Bytes in the file.</param>
/// <param name="MemorySizeBytes">Bytes in memory.</param>
/// <param name="Flags">PF_ bits: 1 = executable, 2 = writable, 4 = readable.</param>
public sealed record ElfSegment(
    uint Type, ulong FileOffset, ulong VirtualAddress, ulong FileSizeBytes, ulong MemorySizeBytes, uint Flags)
{
    /// <summary>PT_LOAD.</summary>
    public const uint LoadType = 1;

    /// <summary>PT_MIPS_ABIFLAGS.</summary>
    public const uint MipsAbiFlagsType = 0x7000_0003;

    /// <summary>PF_X.</summary>
    public const uint ExecutableFlag = 1;
}

/// <summary>An entry of the symbol table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Start">Guest address.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record ElfSymbol(string Name, ulong Start, ulong SizeBytes);

/// <summary>
/// A big-endian MIPS executable, checked: every offset and size that it names lies inside the file.
/// Immutable.
/// </summary>
public sealed class ElfFile
{
    /// <summary>Largest file accepted, in bytes; the address space below the heap holds 80 MiB.</summary>
    public const int FileSizeMaxBytes = 512 << 20;

    private const int BlockBytes = 1 << 20;
    private const int MipsMachine = 8;
    private const byte Class32 = 1;
    private const byte Class64 = 2;
    private const byte BigEndianData = 2;
    private const uint SymbolTableType = 2;
    private const int IdentSizeBytes = 16;
    private const int FunctionSymbolType = 2;
    private const int SymbolTypeMask = 15;

    private readonly byte[] _file;
    private readonly List<ElfSegment> _segments = [];
    private readonly List<ElfSymbol> _symbols = [];
    private readonly List<ElfSymbol> _functions = [];

    private ElfFile(byte[] file, bool is64)
    {
        _file = file;
        Is64 = is64;
    }

    /// <summary>Whether it is of class ELFCLASS64.</summary>
    public bool Is64 { get; }

    /// <summary>Address of the first instruction.</summary>
    public ulong EntryPoint { get; private set; }

    /// <summary>The program headers in the file's order.</summary>
    public IReadOnlyList<ElfSegment> Segments => _segments;

    /// <summary>The symbol table in the file's order without its null entry.</summary>
    public IReadOnlyList<ElfSymbol> Symbols => _symbols;

    /// <summary>Those of <see cref="Symbols"/> that are functions (STT_FUNC), in the file's order.</summary>
    public IReadOnlyList<ElfSymbol> Functions => _functions;

    /// <summary>Whether there is a symbol table.</summary>
    public bool HasSymbolTable { get; private set; }

    /// <summary>Reads and parses a file.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/> or <see cref="ErrorCode.InvalidElf"/>.
    /// </exception>
    public static ElfFile Read(string path)
    {
        try
        {
            return Parse(ReadBounded(path));
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The ELF file '{path}' cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Parses a file.</summary>
    /// <param name="file">The whole file; kept, not copied.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidElf"/>, with what is wrong.
    /// </exception>
    public static ElfFile Parse(byte[] file)
    {
        if (file.Length < IdentSizeBytes || !file.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
        {
            throw Invalid("it does not begin with the ELF mark");
        }

        if (file[5] != BigEndianData)
        {
            throw Invalid("it is not big-endian; the machine runs big-endian MIPS only");
        }

        bool is64 = file[4] switch
        {
            Class32 => false,
            Class64 => true,
            _ => throw Invalid($"its class is {file[4]}, neither 32 nor 64 bit"),
        };
        var elf = new ElfFile(file, is64);
        elf.ParseHeader();
        return elf;
    }

    /// <summary>
    /// The file's bytes of a segment; none for one of zeros alone, whose offset may lie behind the file's
    /// end.
    /// </summary>
    public ReadOnlySpan<byte> ContentOf(ElfSegment segment) => segment.FileSizeBytes == 0
        ? []
        : _file.AsSpan((int)segment.FileOffset, (int)segment.FileSizeBytes);

    /// <summary>A device may be without end, so the length a file claims is not enough to know.</summary>
    private static byte[] ReadBounded(string path)
    {
        using FileStream stream = File.OpenRead(path);
        using var content = new MemoryStream((int)Math.Min(stream.Length, FileSizeMaxBytes) + 1);
        byte[] block = new byte[BlockBytes];
        for (int count; (count = stream.Read(block)) > 0;)
        {
            if (content.Length + count > FileSizeMaxBytes)
            {
                throw new CulverinException(
                    ErrorCode.InvalidElf,
                    $"The ELF file '{path}' is larger than {FileSizeMaxBytes >> 20} MiB.");
            }

            content.Write(block, 0, count);
        }

        return content.ToArray();
    }

    private static CulverinException Invalid(string why) =>
        new(ErrorCode.InvalidElf, $"The ELF file cannot be used: {why}.");

    private void ParseHeader()
    {
        int machine = UInt16(18);
        if (machine != MipsMachine)
        {
            throw Invalid($"it is for machine {machine}, not MIPS (8)");
        }

        EntryPoint = Is64 ? UInt64(24) : UInt32(24);
        ulong programHeaders = Is64 ? UInt64(32) : UInt32(28);
        ulong sectionHeaders = Is64 ? UInt64(40) : UInt32(32);
        ulong counts = Is64 ? 54u : 42u;
        ParseSegments(programHeaders, UInt16(counts), UInt16(counts + 2));
        ParseSections(sectionHeaders, UInt16(counts + 4), UInt16(counts + 6));
    }

    private void ParseSegments(ulong table, int entrySizeBytes, int count)
    {
        int needed = Is64 ? 56 : 32;
        if (count > 0 && entrySizeBytes < needed)
        {
            throw Invalid($"its program headers have {entrySizeBytes} bytes, fewer than {needed}");
        }

        for (int index = 0; index < count; index++)
        {
            ulong at = Entry(table, index, entrySizeBytes, needed);
            ElfSegment segment = Is64
                ? new ElfSegment(
                    UInt32(at),
                    UInt64(at + 8),
                    UInt64(at + 16),
                    UInt64(at + 32),
                    UInt64(at + 40),
                    UInt32(at + 4))
                : new ElfSegment(
                    UInt32(at),
                    UInt32(at + 4),
                    UInt32(at + 8),
                    UInt32(at + 16),
                    UInt32(at + 20),
                    UInt32(at + 24));
            if (segment.FileSizeBytes > 0)
            {
                RequireInside(segment.FileOffset, segment.FileSizeBytes, $"segment {index}");
            }

            _segments.Add(segment);
        }
    }

    private void ParseSections(ulong table, int entrySizeBytes, int count)
    {
        int needed = Is64 ? 64 : 40;
        if (count > 0 && entrySizeBytes < needed)
        {
            throw Invalid($"its section headers have {entrySizeBytes} bytes, fewer than {needed}");
        }

        for (int index = 0; index < count; index++)
        {
            ulong at = Entry(table, index, entrySizeBytes, needed);
            if (UInt32(at + 4) != SymbolTableType)
            {
                continue;
            }

            if (HasSymbolTable)
            {
                throw Invalid("it has more than one symbol table");
            }

            HasSymbolTable = true;
            int stringSection = (int)UInt32(at + (Is64 ? 40u : 24u));
            if (stringSection >= count || stringSection < 0)
            {
                throw Invalid($"its symbol names are in section {stringSection} of {count}");
            }

            ulong strings = Entry(table, stringSection, entrySizeBytes, needed);
            ParseSymbols(Section(at, "the symbol table"), Section(strings, "the symbol names"));
        }
    }

    private (ulong Offset, ulong Size) Section(ulong at, string what)
    {
        ulong offset = Is64 ? UInt64(at + 24) : UInt32(at + 16);
        ulong size = Is64 ? UInt64(at + 32) : UInt32(at + 20);
        RequireInside(offset, size, what);
        return (offset, size);
    }

    private void ParseSymbols((ulong Offset, ulong Size) table, (ulong Offset, ulong Size) names)
    {
        uint entrySizeBytes = Is64 ? 24u : 16u;
        if (table.Size % entrySizeBytes != 0)
        {
            throw Invalid($"its symbol table of {table.Size} bytes is not a whole number of entries");
        }

        ReadOnlySpan<byte> strings = _file.AsSpan((int)names.Offset, (int)names.Size);
        for (ulong at = table.Offset + entrySizeBytes; at < table.Offset + table.Size; at += entrySizeBytes)
        {
            string name = NameAt(strings, UInt32(at));
            ElfSymbol symbol = Is64
                ? new ElfSymbol(name, UInt64(at + 8), UInt64(at + 16))
                : new ElfSymbol(name, UInt32(at + 4), UInt32(at + 8));
            _symbols.Add(symbol);
            if ((_file[at + (Is64 ? 4u : 12u)] & SymbolTypeMask) == FunctionSymbolType)
            {
                _functions.Add(symbol);
            }
        }
    }

    private static string NameAt(ReadOnlySpan<byte> strings, uint offset)
    {
        if (offset >= strings.Length)
        {
            return "";
        }

        ReadOnlySpan<byte> rest = strings[(int)offset..];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(rest[..end]);
    }

    private ulong Entry(ulong table, int index, int entrySizeBytes, int neededBytes)
    {
        ulong at = unchecked(table + ((ulong)index * (ulong)entrySizeBytes));
        if (at < table)
        {
            throw Invalid("a header table wraps around");
        }

        RequireInside(at, (ulong)neededBytes, "a header table");
        return at;
    }

    private void RequireInside(ulong offset, ulong size, string what)
    {
        ulong length = (ulong)_file.Length;
        if (offset > length || size > length - offset)
        {
            throw Invalid($"{what} (offset {offset}, {size} bytes) reaches beyond the file's {length} bytes");
        }
    }

    private ushort UInt16(ulong offset)
    {
        RequireInside(offset, sizeof(ushort), "a header");
        return BinaryPrimitives.ReadUInt16BigEndian(_file.AsSpan((int)offset));
    }

    private uint UInt32(ulong offset)
    {
        RequireInside(offset, sizeof(uint), "a header");
        return BinaryPrimitives.ReadUInt32BigEndian(_file.AsSpan((int)offset));
    }

    private ulong UInt64(ulong offset)
    {
        RequireInside(offset, sizeof(ulong), "a header");
        return BinaryPrimitives.ReadUInt64BigEndian(_file.AsSpan((int)offset));
    }
}
