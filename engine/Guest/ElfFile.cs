using System.Buffers.Binary;
using System.Text;
using Culverin.Primitives;

namespace Culverin.Guest;

/// <summary>
/// A big-endian MIPS executable, checked: every offset and size that it names lies inside the file.
/// Immutable.
/// </summary>
internal sealed class ElfFile
{
    /// <summary>Largest file accepted, in bytes; the address space below the heap holds 80 MiB.</summary>
    public const int FileSizeMaxBytes = 512 << 20;

    private const int BlockBytes = 1 << 20;
    private const int MipsMachine = 8;
    private const byte Class32 = 1;
    private const byte Class64 = 2;
    private const byte BigEndianData = 2;
    private const uint SymbolTableType = 2;
    private const int LabelSymbolType = 0;
    private const int FirstReservedSection = 0xFF00;
    private const int InterpreterLengthMax = 256;
    private const int IdentSizeBytes = 16;
    private const int FunctionSymbolType = 2;
    private const int SymbolTypeMask = 15;

    private readonly byte[] _file;
    private readonly List<ElfSegment> _segments = [];
    private readonly List<ElfSymbol> _symbols = [];
    private readonly List<ElfSymbol> _functions = [];
    private readonly List<ElfSymbol> _labels = [];
    private readonly List<ElfSection> _sections = [];

    private ElfFile(byte[] file, bool is64)
    {
        _file = file;
        Is64 = is64;
    }

    /// <summary>Whether it is of class ELFCLASS64.</summary>
    public bool Is64 { get; }

    /// <summary>What kind of file it says to be.</summary>
    public ElfType Type { get; private set; }

    /// <summary>Address of the first instruction.</summary>
    public ulong EntryPoint { get; private set; }

    /// <summary>The program headers in the file's order.</summary>
    public IReadOnlyList<ElfSegment> Segments => _segments;

    /// <summary>The symbol table in the file's order without its null entry.</summary>
    public IReadOnlyList<ElfSymbol> Symbols => _symbols;

    /// <summary>Those of <see cref="Symbols"/> that are functions (STT_FUNC), in the file's order.</summary>
    public IReadOnlyList<ElfSymbol> Functions => _functions;

    /// <summary>
    /// Those of <see cref="Symbols"/> that are marks of no type in a section (STT_NOTYPE), as assembly leaves
    /// them, in the file's order.
    /// </summary>
    public IReadOnlyList<ElfSymbol> Labels => _labels;

    /// <summary>The section headers in the file's order.</summary>
    public IReadOnlyList<ElfSection> Sections => _sections;

    /// <summary>
    /// The dynamic linker that the program asks for, such as "/lib/ld.so.1"; null if it needs none.
    /// </summary>
    public string? Interpreter
    {
        get
        {
            ElfSegment? segment = _segments.Find(candidate => candidate.Type == ElfSegment.InterpreterType);
            if (segment is null)
            {
                return null;
            }

            ReadOnlySpan<byte> name = ContentOf(segment).TrimEnd((byte)0);
            return name.IsEmpty || name.Length > InterpreterLengthMax
                || name.ContainsAnyExceptInRange((byte)'!', (byte)'~')
                ? "a dynamic linker without a readable name"
                : Encoding.ASCII.GetString(name);
        }
    }

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
            using Stream stream = (Stream?)NamedPipeStream.TryOpen(path) ?? File.OpenRead(path);
            return Read(stream, $"'{path}'");
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            string why = Directory.Exists(path) ? "it is a folder." : error.Message;
            throw new CulverinException(
                ErrorCode.FileAccess, $"The ELF file '{path}' cannot be read: {why}", error);
        }
    }

    /// <summary>Reads a stream to its end and parses it.</summary>
    /// <param name="stream">The program's bytes.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="CulverinException">As <see cref="Read(string)"/>.</exception>
    public static ElfFile Read(Stream stream, string name)
    {
        try
        {
            return Parse(ReadBounded(stream, name));
        }
        catch (IOException error)
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The ELF file {name} cannot be read: {error.Message}", error);
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

    /// <summary>
    /// The file's bytes of a section; none where it has none there, or names a place outside.
    /// </summary>
    public ReadOnlySpan<byte> ContentOf(ElfSection section) =>
        section.HasContent && IsInside(section.FileOffset, section.SizeBytes)
            ? _file.AsSpan((int)section.FileOffset, (int)section.SizeBytes)
            : [];

    /// <summary>A device may be without end, so the length a file claims is not enough to know.</summary>
    private static byte[] ReadBounded(Stream stream, string name)
    {
        long expected = stream.CanSeek ? stream.Length : 0;
        using var content = new MemoryStream((int)Math.Min(expected, FileSizeMaxBytes) + 1);
        byte[] block = new byte[BlockBytes];
        for (int count; (count = stream.Read(block)) > 0;)
        {
            if (content.Length + count > FileSizeMaxBytes)
            {
                throw new CulverinException(
                    ErrorCode.InvalidElf,
                    $"The ELF file {name} is larger than {FileSizeMaxBytes >> 20} MiB.");
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

        Type = (ElfType)UInt16(16);
        EntryPoint = Is64 ? UInt64(24) : UInt32(24);
        ulong programHeaders = Is64 ? UInt64(32) : UInt32(28);
        ulong sectionHeaders = Is64 ? UInt64(40) : UInt32(32);
        ulong counts = Is64 ? 54u : 42u;
        ParseSegments(programHeaders, UInt16(counts), UInt16(counts + 2));
        ParseSections(sectionHeaders, UInt16(counts + 4), UInt16(counts + 6), UInt16(counts + 8));
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

    private void ParseSections(ulong table, int entrySizeBytes, int count, int nameSection)
    {
        int needed = Is64 ? 64 : 40;
        if (count > 0 && entrySizeBytes < needed)
        {
            throw Invalid($"its section headers have {entrySizeBytes} bytes, fewer than {needed}");
        }

        ReadOnlySpan<byte> names = NamesOfSections(table, entrySizeBytes, count, nameSection);
        for (int index = 0; index < count; index++)
        {
            ulong at = Entry(table, index, entrySizeBytes, needed);
            string name = NameAt(names, UInt32(at));
            uint type = UInt32(at + 4);
            ulong word = Is64 ? 8u : 4u;
            ulong Field(ulong number) =>
                Is64 ? UInt64(at + 8 + (number * word)) : UInt32(at + 8 + (number * word));
            _sections.Add(new ElfSection(name, type, Field(0), Field(1), Field(2), Field(3)));
            if (type != SymbolTableType)
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

    // Names are a help only: a file whose names are nowhere is used without them.
    private ReadOnlySpan<byte> NamesOfSections(ulong table, int entrySizeBytes, int count, int nameSection)
    {
        if (nameSection >= count)
        {
            return [];
        }

        ulong at = Entry(table, nameSection, entrySizeBytes, Is64 ? 64 : 40);
        ulong offset = Is64 ? UInt64(at + 24) : UInt32(at + 16);
        ulong size = Is64 ? UInt64(at + 32) : UInt32(at + 20);
        return IsInside(offset, size) ? _file.AsSpan((int)offset, (int)size) : [];
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
            int type = _file[at + (Is64 ? 4u : 12u)] & SymbolTypeMask;
            int section = UInt16(at + (Is64 ? 6u : 14u));
            if (type == FunctionSymbolType)
            {
                _functions.Add(symbol);
            }
            else if (type == LabelSymbolType && section is > 0 and < FirstReservedSection)
            {
                _labels.Add(symbol);
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

    private bool IsInside(ulong offset, ulong size)
    {
        ulong length = (ulong)_file.Length;
        return offset <= length && size <= length - offset;
    }

    private void RequireInside(ulong offset, ulong size, string what)
    {
        if (!IsInside(offset, size))
        {
            throw Invalid(
                $"{what} (offset {offset}, {size} bytes) reaches beyond the file's {_file.Length} bytes");
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
