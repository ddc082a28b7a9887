namespace Culverin.Translate;

/// <summary>
/// What a translator is free to choose without changing any result. Tests choose extremes: every instruction
/// translated at first sight, superblocks of a step, code memory that is always full.
/// </summary>
internal sealed record TranslatorTuning
{
    /// <summary>The choice for programs that run long.</summary>
    public static TranslatorTuning Default { get; } = new();

    /// <summary>
    /// Arrivals at an address that make it worth translating. Translating an instruction costs as much as
    /// interpreting it some hundred times, and most code of a program runs less often.
    /// </summary>
    public int HotCount { get; init; } = 16;

    /// <summary>Most steps of a superblock, at least 2.</summary>
    public int SuperblockStepsMax { get; init; } = 64;

    /// <summary>
    /// Size of the code memory in bytes, a multiple of 4096; room for one superblock at least.
    /// </summary>
    public int CodeSizeBytes { get; init; } = 32 << 20;

    /// <summary>
    /// Guest registers to pin before there are samples: stack pointer, results, arguments, temporaries,
    /// return address.
    /// </summary>
    public IReadOnlyList<int> Pins { get; init; } = [29, 2, 3, 4, 5, 8, 1, 31];
}
