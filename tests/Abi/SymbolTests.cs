using System;
using System.IO;
using System.Linq;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>What the built library offers to the linker.</summary>
public sealed class SymbolTests
{
    /// <summary>What the native compiler adds: a name for debuggers, and the version of the others.</summary>
    private static readonly string[] Compilers = ["DotNetRuntimeDebugHeader", "V1.0"];

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
