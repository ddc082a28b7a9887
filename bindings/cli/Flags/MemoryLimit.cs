using System.CommandLine;
using Culverin.State;

namespace Culverin.Cli.Flags;

/// <summary>The flag that bounds a guest's memory.</summary>
internal static class MemoryLimit
{
    private const int MebibyteShift = 20;
    private const ulong MebibytesMax = int.MaxValue / ((1 << MebibyteShift) / GuestMemory.PageSizeBytes);

    /// <summary>Half of what the host, or the container on it, has.</summary>
    private static long DefaultMebibytes =>
        (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2) >> MebibyteShift;

    /// <summary>Makes the flag.</summary>
    public static Option<string> CreateFlag() => Flag.Text(
        "--memory-limit", "MIB", "most memory of the guest in MiB; 0 for no limit", $"{DefaultMebibytes}");

    /// <summary>Its value in bytes; 0 for no limit.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static ulong BytesOf(ParseResult flags, Option<string> flag) =>
        flags.NumberOf(flag, MebibytesMax) << MebibyteShift;
}
