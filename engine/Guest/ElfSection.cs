namespace Culverin.Guest;

/// <summary>A section header; nothing of it is checked against the file.</summary>
/// <param name="Name">Its name; empty where the file does not say.</param>
/// <param name="Type">SHT_ value.</param>
/// <param name="Flags">SHF_ bits.</param>
/// <param name="Address">First byte in memory.</param>
/// <param name="FileOffset">First byte in the file.</param>
/// <param name="SizeBytes">Its size.</param>
internal sealed record ElfSection(
    string Name, uint Type, ulong Flags, ulong Address, ulong FileOffset, ulong SizeBytes)
{
    private const uint NoContentType = 8;

    // SHF_COMPRESSED.
    private const ulong CompressedFlag = 0x800;

    // SHF_ALLOC and SHF_EXECINSTR.
    private const ulong CodeFlags = 6;

    /// <summary>Whether the file holds bytes of it.</summary>
    public bool HasContent => Type != NoContentType;

    /// <summary>Whether its bytes in the file are packed.</summary>
    public bool IsCompressed => (Flags & CompressedFlag) != 0;

    /// <summary>Whether it holds instructions that are in memory when the program runs.</summary>
    public bool IsCode => Type != NoContentType && (Flags & CodeFlags) == CodeFlags;
}
