using System;
using System.CommandLine;
using Culverin.State;

namespace Culverin.Cli;

/// <summary>The flag that bounds a guest's memory.</summary>
internal static class MemoryLimit
{
    private const int MebibyteShift = 20;
    private const int PagesInMebibyte = (1 << MebibyteShift) / GuestMemory.PageSizeBytes;

    /// <summary>Half of what the host, or the container on it, has.</summary>
    private static long DefaultMebibytes =>
        (GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2) >> MebibyteShift;

    /// <summary>Makes the flag.</summary>
    public static Option<string> CreateFlag() => Flag.Text(
        "--memory-limit", "MIB", "most memory of the guest in MiB; 0 for no limit", $"{DefaultMebibytes}");

    /// <summary>Its value in pages of 4096 bytes.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static int PagesOf(ParseResult flags, Option<string> flag)
    {
        ulong mebibytes = flags.NumberOf(flag, int.MaxValue / PagesInMebibyte);
        return mebibytes == 0 ? int.MaxValue : (int)mebibytes * PagesInMebibyte;
    }
}
