using System.Globalization;
using Culverin.Analyze;

namespace Culverin.Inspect;

/// <summary>Names of system calls.</summary>
internal static class SyscallNames
{
    private const string Nameless = "system call ";

    /// <summary>The Linux name of a number in r2, or "system call N" for one that has none.</summary>
    public static string Of(ulong number) =>
        (number <= uint.MaxValue ? LinuxSyscalls.Find((uint)number)?.Name : null) ?? $"{Nameless}{number}";

    /// <summary>Whether <see cref="Of"/> may give a name.</summary>
    public static bool IsKnown(string name) =>
        LinuxSyscalls.HasName(name)
            || (name.StartsWith(Nameless, StringComparison.Ordinal)
                && ulong.TryParse(
                    name.AsSpan(Nameless.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _));
}
