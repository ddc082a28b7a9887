using System.Globalization;

namespace Culverin.Versions;

/// <summary>
/// What distinguishes one state version from another (VM-SPEC section 1.1). This folder is the only place
/// that asks "which version?"; everything else asks a feature set for a property.
/// </summary>
public sealed record FeatureSet
{
    /// <summary>All versions this build runs, ascending.</summary>
    public static IReadOnlyList<FeatureSet> All => VersionTable.Known;

    /// <summary>The newest of them.</summary>
    public static FeatureSet Newest => VersionTable.Known[^1];

    /// <summary>The version byte.</summary>
    public required StateVersion Version { get; init; }

    /// <summary>The reference's name of the version, as `--type` takes it.</summary>
    public required string Name { get; init; }

    /// <summary>Bits of a word and an address: 32 or 64.</summary>
    public required int WordBits { get; init; }

    /// <summary>Whether the state has threads; their scheduling, stacks and records.</summary>
    public required bool HasThreads { get; init; }

    /// <summary>Which instructions it has beyond those of all versions.</summary>
    internal InstructionFeatures Instructions { get; init; }

    /// <summary>The newest Go release 1.N whose programs are known to run.</summary>
    public required int GoMinorMax { get; init; }

    /// <summary>Whether states may be JSON files.</summary>
    public bool HasJsonFiles { get; init; }

    /// <summary>Whether fcntl answers F_GETFD; without it the call fails with EINVAL.</summary>
    internal bool HasFcntlGetFd { get; init; } = true;

    /// <summary>
    /// Whether a waiting thread keeps address, value and deadline in its record, and a wake-up walks over all
    /// threads; otherwise waiting and waking only yield.
    /// </summary>
    internal bool HasFutexState { get; init; }

    /// <summary>Bytes of the value that a futex compares: 4, or 8 in version 3.</summary>
    internal int FutexValueSizeBytes { get; init; } = 4;

    /// <summary>
    /// Whether a failing system call answers (errno, -1) in r2 and r7, as Linux does; earlier versions answer
    /// (-1, errno).
    /// </summary>
    internal bool HasLinuxErrorOrder { get; init; }

    /// <summary>Whether eventfd2 gives descriptor 100.</summary>
    internal bool HasEventDescriptor { get; init; }

    /// <summary>Whether mprotect is known (and does nothing).</summary>
    internal bool HasMprotect { get; init; }

    /// <summary>Whether getrandom writes bytes derived from the step; otherwise it does nothing.</summary>
    internal bool HasGetrandom { get; init; }

    /// <summary>
    /// Whether the system call numbered 2^64 - 1 is known and does nothing. Version 3 takes this number,
    /// which stands for calls that 64-bit Linux does not have, for one of those calls (VM-SPEC section 7).
    /// </summary>
    internal bool HasAllOnesSyscall { get; init; }

    /// <summary>
    /// Whether the reference's loader looks a page up before it sees that no byte is left: it then
    /// allocates a page of zeros for an empty segment, and one after data that ends at a page boundary
    /// (VM-SPEC 17.1).
    /// </summary>
    internal bool LoaderTouchesPageAfterData { get; init; }

    /// <summary>Bytes of a word.</summary>
    internal int WordSizeBytes => WordBits / 8;

    /// <summary>Levels of the memory tree: 27 for 32-bit words, 59 for 64-bit words.</summary>
    internal int MemoryTreeDepth => WordBits - 5;

    /// <summary>Bytes of a memory proof: the leaf and one sibling per level, 32 bytes each.</summary>
    internal int MemoryProofSizeBytes => (MemoryTreeDepth + 1) * 32;

    /// <summary>
    /// Memory proofs in a step's proof data: of the instruction, and of one or two accesses.
    /// </summary>
    internal int MemoryProofCount => HasThreads ? 3 : 2;

    /// <summary>Where the heap starts.</summary>
    internal ulong HeapStart => WordBits == 32 ? 0x0500_0000UL : 0x0000_1000_0000_0000;

    /// <summary>Where the heap ends.</summary>
    internal ulong HeapEnd => WordBits == 32 ? 0x6000_0000UL : 0x0000_6000_0000_0000;

    /// <summary>What brk answers.</summary>
    internal ulong ProgramBreak => WordBits == 32 ? 0x4000_0000UL : 0x0000_4000_0000_0000;

    /// <summary>The first value of the stack pointer.</summary>
    internal ulong InitialStackPointer => WordBits == 32 ? 0x7FFF_D000UL : 0x0000_7FFF_FFFF_F000;

    /// <summary>Highest address that a program's segments may use.</summary>
    internal ulong LoadAddressMax => WordBits == 32 ? uint.MaxValue : (1UL << 48) - 1;

    /// <summary>Finds a version by its byte.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static FeatureSet Of(StateVersion version) =>
        Array.Find(VersionTable.Known, set => set.Version == version) ?? throw new CulverinException(
            ErrorCode.UnsupportedVersion,
            $"State version {(byte)version} is not supported; this build runs {Names()}.");

    /// <summary>Finds a version by the reference's name, or by its number.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static FeatureSet Of(string name) =>
        byte.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out byte number)
            ? Of((StateVersion)number)
            : Array.Find(VersionTable.Known, set => set.Name == name) ?? throw new CulverinException(
                ErrorCode.UnsupportedVersion,
                $"There is no state version named \"{name}\"; this build runs {Names()}.");

    private static string Names() =>
        string.Join(", ", VersionTable.Known.Select(set => $"{set.Name} ({(byte)set.Version})"));
}
