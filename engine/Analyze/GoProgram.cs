using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Culverin.Guest;

namespace Culverin.Analyze;

/// <summary>
/// Tells which Go toolchain built a program: from the build information that the linker embeds, else from the
/// string that runtime.buildVersion points to.
/// </summary>
internal static class GoProgram
{
    private const int VersionLengthMax = 64;
    private const int BuildInfoAlignment = 16;
    private const int BuildInfoHeaderBytes = 32;
    private const int BuildInfoFlagsOffset = 15;
    private const byte InlineStringsFlag = 2;
    private const string VersionSymbol = "runtime.buildVersion";
    private const string ForeignCodeStart = "x_cgo_init";
    private const string ReleasePrefix = "go1.";

    // The mark of the linker: a byte that is no text, then this.
    private const byte BuildInfoFirstByte = 0xFF;

    private static ReadOnlySpan<byte> BuildInfoMark => " Go buildinf:"u8;

    /// <summary>The version, such as "go1.21.13"; null if this is no Go program or it does not say.</summary>
    public static string? VersionOf(ElfFile elf) => FromBuildInfo(elf) ?? FromSymbol(elf);

    /// <summary>N of release 1.N; null for a version of another form.</summary>
    public static int? MinorOf(string version)
    {
        int at = version.IndexOf(ReleasePrefix, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = version.AsSpan(at + ReleasePrefix.Length);
        int length = 0;
        while (length < rest.Length && char.IsAsciiDigit(rest[length]))
        {
            length++;
        }

        return int.TryParse(rest[..length], NumberStyles.None, CultureInfo.InvariantCulture, out int minor)
            ? minor
            : null;
    }

    /// <summary>
    /// When the Go runtime executes what the version lacks in a function of this name, if that is never here:
    /// it reads the thread pointer (rdhwr) for C code only, and clears memory by vector instructions (MSA)
    /// only where the auxiliary vector announces them.
    /// </summary>
    /// <returns>The condition as the end of a sentence; null where nothing is known to guard the
    /// code.</returns>
    public static string? GuardOf(ElfFile elf, string function) => function switch
    {
        "runtime.save_g" or "runtime.load_g"
            when elf.Functions.All(symbol => symbol.Name != ForeignCodeStart) =>
            "in programs that contain C code, and this one does not",
        "runtime.memclrNoHeapPointers" when elf.Is64 =>
            "where the processor announces vector instructions, and this one does not",
        _ => null,
    };

    private static string? FromBuildInfo(ElfFile elf)
    {
        foreach (ElfSegment segment in elf.Segments.Where(segment => segment.Type == ElfSegment.LoadType))
        {
            ReadOnlySpan<byte> content = elf.ContentOf(segment);
            for (int at = 0; at + BuildInfoHeaderBytes < content.Length; at += BuildInfoAlignment)
            {
                if (content[at] == BuildInfoFirstByte
                    && content[(at + 1)..].StartsWith(BuildInfoMark)
                    && (content[at + BuildInfoFlagsOffset] & InlineStringsFlag) != 0)
                {
                    return FromInlineString(content[(at + BuildInfoHeaderBytes)..]);
                }
            }
        }

        return null;
    }

    // The length is a variable-length number; versions are shorter than its first byte can say.
    private static string? FromInlineString(ReadOnlySpan<byte> text) =>
        text[0] < text.Length ? Printable(text.Slice(1, text[0])) : null;

    private static string? FromSymbol(ElfFile elf)
    {
        ElfSymbol? symbol = elf.Symbols.FirstOrDefault(candidate => candidate.Name == VersionSymbol);
        if (symbol is null)
        {
            return null;
        }

        int wordSizeBytes = elf.Is64 ? sizeof(ulong) : sizeof(uint);
        ReadOnlySpan<byte> header = Bytes(elf, symbol.Start, 2 * wordSizeBytes);
        if (header.IsEmpty)
        {
            return null;
        }

        ulong address = Word(header, wordSizeBytes);
        ulong length = Word(header[wordSizeBytes..], wordSizeBytes);
        return length <= VersionLengthMax ? Printable(Bytes(elf, address, (int)length)) : null;
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int sizeBytes) => sizeBytes == sizeof(ulong)
        ? BinaryPrimitives.ReadUInt64BigEndian(bytes)
        : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static ReadOnlySpan<byte> Bytes(ElfFile elf, ulong address, int count)
    {
        foreach (ElfSegment segment in elf.Segments.Where(segment => segment.Type == ElfSegment.LoadType))
        {
            ulong offset = unchecked(address - segment.VirtualAddress);
            if (offset < segment.FileSizeBytes && (ulong)count <= segment.FileSizeBytes - offset)
            {
                return elf.ContentOf(segment).Slice((int)offset, count);
            }
        }

        return [];
    }

    private static string? Printable(ReadOnlySpan<byte> text) =>
        text.IsEmpty || text.Length > VersionLengthMax || text.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? null
            : Encoding.ASCII.GetString(text);
}
