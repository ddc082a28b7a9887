using Culverin.Guest;

namespace Culverin.Analyze;

/// <summary>A part of an executable segment that may hold instructions and is in the file.</summary>
/// <param name="Start">Guest address of its first byte.</param>
/// <param name="End">Guest address behind its last byte.</param>
/// <param name="Segment">Where it lies.</param>
internal sealed record CodeRange(ulong Start, ulong End, ElfSegment Segment)
{
    /// <summary>
    /// The ranges of a program, ascending and apart: the sections that are marked as code, or whole segments
    /// where no such section holds the entry point.
    /// </summary>
    public static List<CodeRange> Of(ElfFile elf)
    {
        List<CodeRange> segments = Apart(
            elf.Segments
                .Where(segment => segment.Type == ElfSegment.LoadType
                    && (segment.Flags & ElfSegment.ExecutableFlag) != 0)
                .Select(segment => new CodeRange(
                    segment.VirtualAddress, EndOf(segment.VirtualAddress, segment.FileSizeBytes), segment)));
        List<CodeRange> sections = Apart(
            elf.Sections.Where(section => section.IsCode)
                .Select(section => Around(segments, section.Address) is { } range
                    ? new CodeRange(
                        section.Address,
                        Math.Min(range.End, EndOf(section.Address, section.SizeBytes)),
                        range.Segment)
                    : null)
                .OfType<CodeRange>());
        return Around(sections, elf.EntryPoint) is null ? segments : sections;
    }

    /// <summary>The range around an address; null for none.</summary>
    public static CodeRange? Around(List<CodeRange> ranges, ulong address)
    {
        int low = 0;
        int high = ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (ranges[middle].Start > address)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low > 0 && address < ranges[low - 1].End ? ranges[low - 1] : null;
    }

    private static ulong EndOf(ulong start, ulong size) =>
        size > ulong.MaxValue - start ? ulong.MaxValue : start + size;

    // Where two of them overlap the second keeps what is behind the first.
    private static List<CodeRange> Apart(IEnumerable<CodeRange> ranges)
    {
        List<CodeRange> apart = [];
        ulong end = 0;
        foreach (CodeRange range in ranges.OrderBy(range => range.Start))
        {
            ulong start = Math.Max(range.Start, end);
            if (start < range.End)
            {
                apart.Add(range with { Start = start });
                end = range.End;
            }
        }

        return apart;
    }
}
