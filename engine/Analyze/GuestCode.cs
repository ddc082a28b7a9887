using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Culverin.Guest;

namespace Culverin.Analyze;

/// <summary>
/// A stretch of code to look at: a function, or a whole segment where there are no function symbols.
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

    private readonly ElfFile _elf;
    private readonly List<CodeFunction> _functions = [];
    private readonly Dictionary<ulong, int> _byStart = [];

    /// <summary>Finds a program's functions.</summary>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.LimitExceeded"/>: too many of them.
    /// </exception>
    public GuestCode(ElfFile elf)
    {
        _elf = elf;
        HasFunctionSymbols = elf.Functions.Count > 0;
        IEnumerable<ElfSymbol> stretches = HasFunctionSymbols
            ? elf.Functions
            : elf.Segments.Where(IsCode).Select(
                (segment, index) =>
                    new ElfSymbol($"segment {index}", segment.VirtualAddress, segment.FileSizeBytes));
        AddAll(stretches.Where(symbol => symbol.Start <= ulong.MaxValue - WordSizeBytes));
    }

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
    /// Functions whose start stands as an aligned word in what is loaded: targets of function pointers.
    /// </summary>
    public HashSet<int> PointedToFromData()
    {
        HashSet<int> targets = [];
        int pointerSizeBytes = _elf.Is64 ? sizeof(ulong) : sizeof(uint);
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
                if (_byStart.TryGetValue(pointer, out int target))
                {
                    targets.Add(target);
                }
            }
        }

        return targets;
    }

    private static bool IsCode(ElfSegment segment) =>
        segment.Type == ElfSegment.LoadType && (segment.Flags & ElfSegment.ExecutableFlag) != 0;

    private void AddAll(IEnumerable<ElfSymbol> symbols)
    {
        ElfSymbol[] sorted =
        [
            .. symbols.OrderBy(symbol => symbol.Start)
                .ThenByDescending(symbol => symbol.SizeBytes)
                .DistinctBy(symbol => symbol.Start),
        ];
        ElfSegment[] segments = [.. _elf.Segments.Where(IsCode).OrderBy(segment => segment.VirtualAddress)];
        ulong[] starts = [.. segments.Select(segment => segment.VirtualAddress)];
        for (int index = 0; index < sorted.Length; index++)
        {
            ulong start = (sorted[index].Start + WordSizeBytes - 1) & ~(WordSizeBytes - 1UL);
            int found = Array.BinarySearch(starts, start);
            int around = found >= 0 ? found : ~found - 1;
            if (around >= 0)
            {
                ulong next = index + 1 < sorted.Length ? sorted[index + 1].Start : ulong.MaxValue;
                Add(sorted[index], start, next, segments[around]);
            }
        }
    }

    // A function without a size, as assembly leaves it, reaches to the next one.
    private void Add(ElfSymbol symbol, ulong start, ulong next, ElfSegment segment)
    {
        ulong size = symbol.SizeBytes == 0 ? uint.MaxValue : Math.Min(symbol.SizeBytes, uint.MaxValue);
        ulong wanted = size > ulong.MaxValue - symbol.Start ? ulong.MaxValue : symbol.Start + size;
        ulong end = Math.Min(Math.Min(wanted, next), segment.VirtualAddress + segment.FileSizeBytes);
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
                symbol.Name, start, (int)((end - start) / WordSizeBytes), segment));
        }
    }
}
