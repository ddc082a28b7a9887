using Culverin.Versions;

namespace Culverin.Execute;

/// <summary>One system call of one state version.</summary>
/// <param name="Name">Its Linux name.</param>
/// <param name="Number">Its number in r2.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="IsIdle">Whether it only answers 0.</param>
internal sealed record SyscallEntry(string Name, uint Number, string Summary, bool IsIdle);

/// <summary>
/// The system calls each version knows (VM-SPEC section 7). Others answer 0 without error in single-threaded
/// versions and panic in multithreaded ones. What they are and do stands in the kernel's rows.
/// </summary>
internal static class SyscallTable
{
    /// <summary>The calls of a version, ascending by number.</summary>
    public static IReadOnlyList<SyscallEntry> Of(FeatureSet features) => features.WordBits == 32
        ? Kernel<uint, LiveAccess<uint>>.EntriesOf(features)
        : Kernel<ulong, LiveAccess<ulong>>.EntriesOf(features);

    /// <summary>Numbers to entries for a version.</summary>
    public static Dictionary<uint, SyscallEntry> ByNumber(FeatureSet features) =>
        Of(features).ToDictionary(entry => entry.Number);

    /// <summary>
    /// The numbers of a call that some version knows, with 32-bit and 64-bit words; 0 for none.
    /// </summary>
    internal static (uint Number32, uint Number64) NumbersOf(string name) =>
        Kernel<uint, LiveAccess<uint>>.NumbersOf(name);
}
