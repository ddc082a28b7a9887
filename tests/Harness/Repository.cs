using Culverin.Harness.Local;
using Culverin.Tests.Shared;

namespace Culverin.Harness.Tests;

/// <summary>What tests of the harness need of the repository.</summary>
internal static class Repository
{
    /// <summary>Its folder.</summary>
    public static string Folder => RepositoryFiles.Root;

    /// <summary>The npm packages that are installed in it.</summary>
    public static NodePackages Packages { get; } =
        new(Path.Combine(Folder, "harness", "contracts", "node_modules"));
}
