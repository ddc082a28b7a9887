using System.Text.RegularExpressions;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>What the built library offers to the linker.</summary>
public sealed class SymbolTests
{
    /// <summary>What the native compiler adds: a name for debuggers, and the version of the others.</summary>
    private static readonly string[] Compilers = ["DotNetRuntimeDebugHeader", "V1.0"];

    [LibraryFact("readelf")]
    public void TheReadmeTellsNameAndNeedsAsTheLibraryHasThem()
    {
        string readme = File.ReadAllText(
            Path.Combine(RepositoryFiles.Root, "bindings", "c", "README.md"));
        string dynamic = Tool.Run(Library.Folder, "readelf", ["-dW", Library.FilePath]).Expect().Output;
        string name = Regex.Match(dynamic, @"soname: \[(.*)\]").Groups[1].Value;
        Assert.Equal($"libculverin.so.{AbiVersions.Major}", name);
        Assert.Contains($"`{name}`", readme, StringComparison.Ordinal);
        string[] needed =
            [.. Regex.Matches(dynamic, @"Shared library: \[(.*)\]").Select(match => match.Groups[1].Value)];
        Assert.Empty(needed.Except(["libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"]));

        string versions = Tool.Run(Library.Folder, "readelf", ["-VW", Library.FilePath]).Expect().Output;
        Version newest = Regex.Matches(versions, @"Name: GLIBC_(\d+\.\d+)")
            .Select(match => Version.Parse(match.Groups[1].Value)).Max()!;
        Assert.Contains($"glibc {newest} or later", readme, StringComparison.Ordinal);
    }

    [LibraryFact("nm")]
    public void ExportsAreTheSnapshot()
    {
        string listed = Tool.Run(
            Library.Folder, "nm", ["-D", "--defined-only", "--without-symbol-versions", Library.FilePath])
            .Expect().Output;
        string[] found =
        [
            .. listed.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(' ')[^1])
                .Except(Compilers)
                .Order(StringComparer.Ordinal),
        ];
        string[] snapshot = File.ReadAllLines(
            Path.Combine(RepositoryFiles.Root, "bindings", "c", "symbols.txt"));
        Assert.Equal(snapshot, found);
    }
}
