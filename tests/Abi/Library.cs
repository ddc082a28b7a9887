using System;
using System.IO;
using Culverin.Tests.Shared;

namespace Culverin.Abi.Tests;

/// <summary>The published library.</summary>
internal static class Library
{
    /// <summary>Where it is: what CULVERIN_LIBRARY names, or what publishing leaves.</summary>
    public static string FilePath { get; } =
        Environment.GetEnvironmentVariable("CULVERIN_LIBRARY")
            ?? Path.Combine(RepositoryFiles.Root, "artifacts", "libculverin.so");

    /// <summary>Its folder.</summary>
    public static string Folder => Path.GetDirectoryName(FilePath)!;

    /// <summary>The folder of the committed header.</summary>
    public static string HeaderFolder => Path.Combine(RepositoryFiles.Root, "bindings", "c");
}
