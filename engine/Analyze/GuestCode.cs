using System.Buffers.Binary;
using Culverin.Guest;

namespace Culverin.Analyze;

/// <summary>
/// A stretch of code to look at: a function, or a whole section or segment where there are no symbols.
/// </summary>
/// <param name="Name">Its symbol.</param>
/// <param name="Start">Guest address of its first instruction, a multiple of 4.</param>
/// <param name="Words">How many instructions it has.</param>
/// <param name="Segment">Where it lies.</param>
internal sealed record CodeFunction(string Name, ulong Start, int Words, ElfSegment Segment);

/// <summary>
/// A program's code as functions that do not overlap, in ascending order, each inside the file's part
/// of one executable segment; so looking at all of them takes time proportional to the file.
/// </summary>
internal sealed class GuestCode
{
    /// <summary>Most functions accepted; large real programs have a tenth of it.</summary>
    public const int FunctionCountMax = 1 << 18;

    private const int WordSizeBytes = 4;

    /// <summary>Sections that hold tables of all functions, which say nothing of who is called.</summary>
    private static readonly string[] TablesOfFunctions = [".gopclntab", ".gosymtab", ".eh_frame", ".pdr"];

    /// <summary>
    /// Blocks of Go's linker, from their symbol to the next: type descriptors, where methods are offsets, and
    /// texts. A word there that equals an address does so by chance.
    /// </summary>
    private static readonly string[] BlocksWithoutAddresses =
        ["type:*", "type.*", "go:string.*", "go.string.*"];

    private readonly ElfFile _elf;
    private readonly List<CodeRange> _ranges;
    private readonly List<CodeFunction> _functions = [];
    private readonly Dictionary<ulong, int> _byStart = [];
    private HashSet<ulong>? _variables;

    /// <summary>Finds a program's functions.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.LimitExceeded"/>: too many of them.
    /// </exception>
    public GuestCode(ElfFile elf)
    {
        _elf = elf;
        _ranges = CodeRange.Of(elf);
        HasFunctionSymbols = elf.Functions.Count > 0;
        IEnumerable<ElfSymbol> stretches = HasFunctionSymbols
            ? elf.Functions.Concat(LabelsBetween(elf))
            : _ranges.Select(
                (range, index) => new ElfSymbol($"code {index}", range.Start, range.End - range.Start));
        AddAll(stretches.Where(symbol => symbol.Start <= ulong.MaxValue - WordSizeBytes));
    }

    /// <summary>Address of the program's first instruction.</summary>
    public ulong EntryPoint => _elf.EntryPoint;

    /// <summary>Whether the functions come from symbols.</summary>
    public bool HasFunctionSymbols { get; }

    /// <summary>The functions by ascending start.</summary>
    public IReadOnlyList<CodeFunction> Functions => _functions;

    /// <summary>The instruction words of a function, big-endian.</summary>
    public ReadOnlySpan<byte> BytesOf(CodeFunction function) => _elf.ContentOf(function.Segment).Slice(
        (int)(function.Start - function.Segment.VirtualAddress), function.Words * WordSizeBytes);

    /// <summary>Number of the function that starts at an address; -1 for none.</summary>
    public int StartingAt(ulong address) => _byStart.GetValueOrDefault(address, -1);

    /// <summary>Number of the function around an address; -1 for none.</summary>
    public int Around(ulong address)
    {
        int low = 0;
        int high = _functions.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_functions[middle].Start > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        bool inside = low > 0
            && (address - _functions[low - 1].Start) / WordSizeBytes < (ulong)_functions[low - 1].Words;
        return inside ? low - 1 : -1;
    }

    /// <summary>
    /// What a variable of one word holds when the program starts; null if there is none at this address. Only
    /// the symbol table tells a variable from a part of something larger.
    /// </summary>
    public ulong? VariableAt(ulong address)
    {
        ulong size = _elf.Is64 ? sizeof(ulong) : (ulong)sizeof(uint);
        _variables ??=
            [.. _elf.Symbols.Where(symbol => symbol.SizeBytes == size).Select(symbol => symbol.Start)];
        if (!_variables.Contains(address))
        {
            return null;
        }

        ElfSegment? segment = _elf.Segments.FirstOrDefault(candidate =>
            candidate.Type == ElfSegment.LoadType
            && unchecked(address - candidate.VirtualAddress) < candidate.MemorySizeBytes);
        if (segment is null)
        {
            return null;
        }

        ulong offset = address - segment.VirtualAddress;
        if (offset >= segment.FileSizeBytes)
        {
            return 0;
        }

        ReadOnlySpan<byte> content = _elf.ContentOf(segment)[(int)offset..];
        return content.Length < (int)size ? null
            : _elf.Is64 ? BinaryPrimitives.ReadUInt64BigEndian(content)
            : BinaryPrimitives.ReadUInt32BigEndian(content);
    }

    /// <summary>Whether an address is that of a word that is loaded and may be an instruction.</summary>
    public bool IsLoadedCode(ulong address) => CodeRange.Around(_ranges, address) is not null;

    /// <summary>
    /// Functions whose start stands as an aligned word in what is loaded: targets of function pointers.
    /// </summary>
    public HashSet<int> PointedToFromData()
    {
        HashSet<int> targets = [];
        int pointerSizeBytes = _elf.Is64 ? sizeof(ulong) : sizeof(uint);
        (ulong Start, ulong End)[] without = [.. RangesWithoutAddresses()];
        foreach (ElfSegment segment in _elf.Segments.Where(segment => segment.Type == ElfSegment.LoadType))
        {
            ReadOnlySpan<byte> content = _elf.ContentOf(segment);
            for (int at = (int)(-(long)segment.VirtualAddress & (pointerSizeBytes - 1));
                at + pointerSizeBytes <= content.Length;
                at += pointerSizeBytes)
            {
                ulong pointer = _elf.Is64
                    ? BinaryPrimitives.ReadUInt64BigEndian(content[at..])
                    : BinaryPrimitives.ReadUInt32BigEndian(content[at..]);
                if (_byStart.TryGetValue(pointer, out int target)
                    && !IsIn(without, segment.VirtualAddress + (ulong)at))
                {
                    targets.Add(target);
                }
            }
        }

        return targets;
    }

    /// <summary>
    /// Visits every word in what is loaded that the program may use as an address: in code the aligned ones,
    /// in data those at any byte, as packed structures have them.
    /// </summary>
    /// <param name="first">The lowest address of interest.</param>
    /// <param name="last">The highest one.</param>
    /// <param name="visit">Called for each.</param>
    public void VisitPossiblePointers(ulong first, ulong last, Action<ulong> visit)
    {
        int pointerSizeBytes = _elf.Is64 ? sizeof(ulong) : sizeof(uint);
        (ulong Start, ulong End)[] without = [.. RangesWithoutAddresses()];
        foreach (ElfSegment segment in _elf.Segments.Where(segment => segment.Type == ElfSegment.LoadType))
        {
            ReadOnlySpan<byte> content = _elf.ContentOf(segment);
            for (int at = 0; at + pointerSizeBytes <= content.Length; at++)
            {
                ulong word = _elf.Is64
                    ? BinaryPrimitives.ReadUInt64BigEndian(content[at..])
                    : BinaryPrimitives.ReadUInt32BigEndian(content[at..]);
                ulong address = segment.VirtualAddress + (ulong)at;
                if (word >= first
                    && word <= last
                    && !IsIn(without, address)
                    && (address % (ulong)pointerSizeBytes == 0 || !IsLoadedCode(address)))
                {
                    visit(word);
                }
            }
        }
    }

    private static bool IsIn((ulong Start, ulong End)[] ranges, ulong address) =>
        Array.Exists(ranges, range => address >= range.Start && address < range.End);

    private IEnumerable<(ulong Start, ulong End)> RangesWithoutAddresses()
    {
        foreach (ElfSection table in _elf.Sections.Where(
            section => TablesOfFunctions.Contains(section.Name)).Take(TablesOfFunctions.Length))
        {
            yield return (table.Address, unchecked(table.Address + table.SizeBytes));
        }

        foreach (ElfSymbol block in _elf.Symbols.Where(
            symbol => BlocksWithoutAddresses.Contains(symbol.Name)).Take(BlocksWithoutAddresses.Length))
        {
            ulong end = _elf.Symbols.Select(symbol => symbol.Start)
                .Where(start => start > block.Start)
                .DefaultIfEmpty(block.Start)
                .Min();
            yield return (block.Start, end);
        }
    }

    // Assembly's labels, and the entry point, unless they are inside of functions.
    private static IEnumerable<ElfSymbol> LabelsBetween(ElfFile elf)
    {
        ElfSymbol[] functions = [.. elf.Functions.OrderBy(function => function.Start)];
        int next = 0;
        ulong end = 0;
        foreach (ElfSymbol label in elf.Labels.Append(new ElfSymbol("the entry point", elf.EntryPoint, 0))
            .OrderBy(label => label.Start))
        {
            for (; next < functions.Length && functions[next].Start <= label.Start; next++)
            {
                ulong size = Math.Min(functions[next].SizeBytes, ulong.MaxValue - functions[next].Start);
                end = Math.Max(end, functions[next].Start + size);
            }

            if (label.Start >= end)
            {
                yield return label with { SizeBytes = 0 };
            }
        }
    }

    private void AddAll(IEnumerable<ElfSymbol> symbols)
    {
        ElfSymbol[] sorted =
        [
            .. symbols.OrderBy(symbol => symbol.Start)
                .ThenByDescending(symbol => symbol.SizeBytes)
                .DistinctBy(symbol => symbol.Start),
        ];
        for (int index = 0; index < sorted.Length; index++)
        {
            ulong start = (sorted[index].Start + WordSizeBytes - 1) & ~(WordSizeBytes - 1UL);
            if (CodeRange.Around(_ranges, start) is { } range)
            {
                ulong next = index + 1 < sorted.Length ? sorted[index + 1].Start : ulong.MaxValue;
                Add(sorted[index], start, next, range);
            }
        }
    }

    // A function without a size, as assembly leaves it, reaches to the next one.
    private void Add(ElfSymbol symbol, ulong start, ulong next, CodeRange range)
    {
        ulong size = symbol.SizeBytes == 0 ? uint.MaxValue : Math.Min(symbol.SizeBytes, uint.MaxValue);
        ulong wanted = size > ulong.MaxValue - symbol.Start ? ulong.MaxValue : symbol.Start + size;
        ulong end = Math.Min(Math.Min(wanted, next), range.End);
        if (end < start || end - start < WordSizeBytes)
        {
            return;
        }

        if (_functions.Count == FunctionCountMax)
        {
            throw new CulverinException(
                ErrorCode.LimitExceeded, $"The program has more than {FunctionCountMax} "
                    + "functions to look at.");
        }

        if (_byStart.TryAdd(start, _functions.Count))
        {
            _functions.Add(new CodeFunction(
                symbol.Name, start, (int)((end - start) / WordSizeBytes), range.Segment));
        }
    }
}
