using System.Runtime.InteropServices;
using Culverin.Tests.Shared;

namespace Culverin.Bench;

/// <summary>
/// A guest in C as a program of this computer, by its own compiler: what the same source costs without a
/// machine around it.
/// </summary>
internal static class NativeBuild
{
    // As bench/guests/build.sh compiles for MIPS, as far as it has a meaning here.
    private static readonly string[] Flags =
    [
        "-O2", "-ffreestanding", "-fno-builtin", "-fno-pic", "-no-pie", "-fno-stack-protector", "-nostdlib",
        "-static", "-fno-tree-loop-distribute-patterns",
    ];

    /// <summary>Builds a guest.</summary>
    /// <param name="elf">File name of the guest; its source has the same, up to the first dot.</param>
    /// <param name="path">The file to write.</param>
    /// <returns>False if it is not in C, or no compiler works, or this is no x86-64 Linux.</returns>
    public static bool TryBuild(string elf, string path)
    {
        string source =
            Path.Combine(RepositoryFiles.Root, OwnGuest.BenchFolder, $"{elf.Split('.')[0]}.c");
        if (!File.Exists(source)
            || !OperatingSystem.IsLinux()
            || RuntimeInformation.ProcessArchitecture != Architecture.X64
            || ExecutablePath.Find("cc") is not { } compiler)
        {
            return false;
        }

        string folder = Path.GetDirectoryName(path)!;
        try
        {
            _ = ProcessRun.Time(compiler, [.. Flags, "-o", path, source], folder);
            return true;
        }
        catch (IOException error)
        {
            Console.Error.WriteLine($"Measured without a native program. {error.Message}");
            return false;
        }
    }
}
