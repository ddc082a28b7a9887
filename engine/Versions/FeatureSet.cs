using System;
using System.Collections.Generic;
using System.Linq;

namespace Culverin.Versions;

/// <summary>
/// What distinguishes one state version from another (VM-SPEC section 1.1). This folder is the only place
/// that asks "which version?"; everything else asks a feature set for a property.
/// </summary>
public sealed record FeatureSet
{
    private static readonly FeatureSet[] Known =
    [
        new()
        {
            Version = StateVersion.SingleThreaded,
            Name = "singlethreaded",
            HasJsonFiles = true,
            LinkingBranches = LinkingBranches.None,
            HasFcntlGetFd = false,
            GoMinorMax = 21,
        },
        new()
        {
            Version = StateVersion.SingleThreaded2,
            Name = "singlethreaded-2",
            HasJsonFiles = false,
            LinkingBranches = LinkingBranches.Bgezal,
            HasFcntlGetFd = true,
            GoMinorMax = 22,
        },
    ];

    /// <summary>All versions this build runs, ascending.</summary>
    public static IReadOnlyList<FeatureSet> All => Known;

    /// <summary>The version byte.</summary>
    public required StateVersion Version { get; init; }

    /// <summary>The reference's name of the version, as `--type` takes it.</summary>
    public required string Name { get; init; }

    /// <summary>Whether states may be JSON files.</summary>
    public required bool HasJsonFiles { get; init; }

    /// <summary>Which REGIMM branches link and branch; the others are branches never taken.</summary>
    public required LinkingBranches LinkingBranches { get; init; }

    /// <summary>Whether fcntl answers F_GETFD; without it the call fails with EINVAL.</summary>
    public required bool HasFcntlGetFd { get; init; }

    /// <summary>The newest Go release 1.N whose programs are known to run.</summary>
    public required int GoMinorMax { get; init; }

    /// <summary>
    /// Whether the reference's loader looks a page up before it sees that no byte is left: it then allocates
    /// a page of zeros for an empty segment, and one after data that ends at a page border (VM-SPEC 17.1).
    /// </summary>
    public bool LoaderTouchesPageAfterData { get; init; } = true;

    /// <summary>Bits of a word and an address: 32 or 64.</summary>
    public int WordBits { get; init; } = 32;

    /// <summary>Bytes of a word.</summary>
    public int WordSizeBytes => WordBits / 8;

    /// <summary>Levels of the memory tree: 27 for 32-bit words, 59 for 64-bit words.</summary>
    public int MemoryTreeDepth => WordBits - 5;

    /// <summary>Bytes of a memory proof: the leaf and one sibling a level, 32 bytes each.</summary>
    public int MemoryProofSizeBytes => (MemoryTreeDepth + 1) * 32;

    /// <summary>Finds a version by its byte.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static FeatureSet Of(StateVersion version) =>
        Array.Find(Known, set => set.Version == version) ?? throw new CulverinException(
            ErrorCode.UnsupportedVersion,
            $"State version {(byte)version} is not supported; this build runs {Names()}.");

    /// <summary>Finds a version by the reference's name.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.UnsupportedVersion"/>.</exception>
    public static FeatureSet Of(string name) =>
        Array.Find(Known, set => set.Name == name) ?? throw new CulverinException(
            ErrorCode.UnsupportedVersion,
            $"There is no state version named \"{name}\"; this build runs {Names()}.");

    private static string Names() =>
        string.Join(", ", Known.Select(set => $"{set.Name} ({(byte)set.Version})"));
}
