using Culverin.Tests.Shared;

namespace Culverin.Abi.Tests;

/// <summary>The published library.</summary>
internal static class Library
{
    private const string Variable = "CULVERIN_LIBRARY";

    // Told to the .NET binding in this process too; every test that loads it has asked here before, by its
    // attribute.
    static Library()
    {
        FilePath = Environment.GetEnvironmentVariable(Variable)
            ?? Path.Combine(RepositoryFiles.Root, "artifacts", "libculverin.so");
        Environment.SetEnvironmentVariable(Variable, FilePath);
    }

    /// <summary>Where it is: what CULVERIN_LIBRARY names, or what publishing leaves.</summary>
    public static string FilePath { get; }

    /// <summary>Its folder.</summary>
    public static string Folder => Path.GetDirectoryName(FilePath)!;

    /// <summary>The folder of the committed header.</summary>
    public static string HeaderFolder => Path.Combine(RepositoryFiles.Root, "bindings", "c");
}
