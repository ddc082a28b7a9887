using System.IO;
using System.Linq;
using System.Reflection;
using Culverin.Harness.Chain;

namespace Culverin.Scenarios.Tests;

/// <summary>Where the repository's own files are, whatever folder the tests were built into.</summary>
internal static class Repository
{
    internal static string Folder { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key == "RepositoryFolder").Value!;

    internal static NodePackages Packages { get; } =
        new(Path.Combine(Folder, "harness", "contracts", "node_modules"));
}
