using System.Buffers.Binary;
using System.Text;

namespace Culverin.Tests.Analyze;

/// <summary>
/// Makes small big-endian MIPS executables: one code segment, one data segment, a symbol table. Functions
/// come one after another in the code segment, constants behind them.
/// </summary>
internal sealed class ElfBuilder
{
    /// <summary>Address of the first function.</summary>
    public const uint CodeStart = 0x0040_0000;

    /// <summary>Address of the data.</summary>
    public const uint DataStart = 0x0041_0000;

    private const int HeaderBytes = 52;
    private const int ProgramHeaderBytes = 32;
    private const int SectionHeaderBytes = 40;
    private const int SymbolBytes = 16;
    private const int ContentOffset = HeaderBytes + (2 * ProgramHeaderBytes);
    private const byte FunctionType = 0x12;
    private const byte ObjectType = 0x11;
    private const byte LabelType = 0x10;
    private const ushort CodeSection = 3;

    private readonly List<uint> _code = [];
    private readonly List<uint> _constants = [];
    private readonly List<uint> _data = [];
    private readonly List<(string Name, uint Start, uint Size, byte Type)> _symbols = [];

    /// <summary>Where the next function will start.</summary>
    public uint Next => CodeStart + ((uint)_code.Count * 4);

    /// <summary>Whether the functions get symbols.</summary>
    public bool HasFunctionSymbols { get; init; } = true;

    /// <summary>Whether a section header says which part of the code segment is code.</summary>
    public bool HasCodeSection { get; init; } = true;

    /// <summary>The file's type; a program for fixed addresses by default.</summary>
    public ushort Type { get; init; } = 2;

    /// <summary>Adds a function whose symbol has no size.</summary>
    public ElfBuilder UnsizedFunction(string name, params uint[] words)
    {
        _symbols.Add((name, Next, 0, FunctionType));
        _code.AddRange(words);
        return this;
    }

    /// <summary>Adds code behind a label, as assembly leaves it.</summary>
    public ElfBuilder Label(string name, params uint[] words)
    {
        _symbols.Add((name, Next, 0, LabelType));
        _code.AddRange(words);
        return this;
    }

    /// <summary>Adds constants behind the code, in its segment.</summary>
    public ElfBuilder Constants(params uint[] words)
    {
        _constants.AddRange(words);
        return this;
    }

    /// <summary>Adds a function.</summary>
    public ElfBuilder Function(string name, params uint[] words)
    {
        if (HasFunctionSymbols)
        {
            _symbols.Add((name, Next, (uint)words.Length * 4, FunctionType));
        }

        _code.AddRange(words);
        return this;
    }

    /// <summary>Adds words of code that belong to no function.</summary>
    public ElfBuilder Between(params uint[] words)
    {
        _code.AddRange(words);
        return this;
    }

    /// <summary>Adds data.</summary>
    public ElfBuilder Data(string name, params uint[] words)
    {
        _symbols.Add((name, DataStart + ((uint)_data.Count * 4), (uint)words.Length * 4, ObjectType));
        _data.AddRange(words);
        return this;
    }

    /// <summary>Adds a text as data, and the two words that say where it is and how long.</summary>
    public ElfBuilder Text(string name, string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text.PadRight((text.Length + 3) & ~3, '\0'));
        uint address = DataStart + ((uint)_data.Count * 4) + 8;
        List<uint> words = [address, (uint)text.Length];
        for (int at = 0; at < bytes.Length; at += 4)
        {
            words.Add(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)));
        }

        return Data(name, [.. words]);
    }

    /// <summary>The file.</summary>
    /// <param name="entryPoint">Address of the first instruction; the first function's by default.</param>
    public byte[] Build(uint entryPoint = CodeStart)
    {
        uint codeBytes = (uint)_code.Count * 4;
        uint segmentBytes = codeBytes + ((uint)_constants.Count * 4);
        uint dataBytes = (uint)_data.Count * 4;
        uint symbolsAt = ContentOffset + segmentBytes + dataBytes;
        uint namesAt = symbolsAt + ((uint)(_symbols.Count + 1) * SymbolBytes);
        (byte[] symbols, byte[] names) = Symbols();
        uint sectionsAt = (namesAt + (uint)names.Length + 3) & ~3u;

        using var file = new MemoryStream();
        WriteHeader(file, entryPoint, sectionsAt);
        Words(file, 1, ContentOffset, CodeStart, CodeStart, segmentBytes, segmentBytes, 5, 4096);
        Words(file, 1, ContentOffset + segmentBytes, DataStart, DataStart, dataBytes, dataBytes, 6, 4096);
        Words(file, [.. _code]);
        Words(file, [.. _constants]);
        Words(file, [.. _data]);
        file.Write(symbols);
        file.Write(names);
        file.SetLength(sectionsAt);
        file.Position = sectionsAt;
        Words(file, new uint[SectionHeaderBytes / 4]);
        Words(file, 0, 2, 0, 0, symbolsAt, (uint)symbols.Length, 2, 0, 4, SymbolBytes);
        Words(file, 0, 3, 0, 0, namesAt, (uint)names.Length, 0, 0, 1, 0);
        if (HasCodeSection)
        {
            Words(file, 0, 1, 6, CodeStart, ContentOffset, codeBytes, 0, 0, 4, 0);
        }

        return file.ToArray();
    }

    private void WriteHeader(MemoryStream file, uint entryPoint, uint sectionsAt)
    {
        file.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Words(file, ((uint)Type << 16) | 8, 1, entryPoint, HeaderBytes, sectionsAt, 0);
        uint sections = HasCodeSection ? CodeSection + 1u : CodeSection;
        Words(file, (HeaderBytes << 16) | ProgramHeaderBytes, (2 << 16) | SectionHeaderBytes, sections << 16);
    }

    private static void Words(MemoryStream file, params uint[] words)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, word);
            file.Write(bytes);
        }
    }

    private (byte[] Symbols, byte[] Names) Symbols()
    {
        using var symbols = new MemoryStream();
        using var names = new MemoryStream();
        Words(symbols, 0, 0, 0, 0);
        names.WriteByte(0);
        foreach ((string name, uint start, uint size, byte type) in _symbols)
        {
            Words(symbols, (uint)names.Position, start, size, ((uint)type << 24) | CodeSection);
            names.Write(Encoding.ASCII.GetBytes(name + "\0"));
        }

        return (symbols.ToArray(), names.ToArray());
    }
}
