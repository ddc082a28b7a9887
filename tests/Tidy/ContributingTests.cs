using System.Text.RegularExpressions;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Tidy.Tests;

/// <summary>CONTRIBUTING.md speaks of files and tests that exist.</summary>
public sealed partial class ContributingTests
{
    private static readonly string Text =
        File.ReadAllText(Path.Combine(RepositoryFiles.Root, "CONTRIBUTING.md"));

    private static readonly string Tests = string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(RepositoryFiles.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
        .Select(File.ReadAllText));

    private static readonly HashSet<string> Files =
        [.. SourceFile.Tree.Select(file => Path.GetFileName(file.Path))];

    [Fact]
    public void Its_paths_exist() => Assert.All(Named(PathName()), path => Assert.True(Exists(path), path));

    [Fact]
    public void Its_tests_exist() => Assert.All(
        Named(TestName()).SelectMany(name => name.Split('.')),
        part => Assert.Matches($@"\b{part}\b", Tests));

    [Fact]
    public void Its_files_beside_others_exist() => Assert.All(
        Named(FileName()), name => Assert.Contains(name, Files));

    private static HashSet<string> Named(Regex pattern)
    {
        HashSet<string> names = [.. pattern.Matches(Text).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(names);
        return names;
    }

    // The last part may have a star.
    private static bool Exists(string path)
    {
        string full = Path.Combine(RepositoryFiles.Root, path);
        return path.Contains('*', StringComparison.Ordinal)
            ? Directory.GetFiles(Path.GetDirectoryName(full)!, Path.GetFileName(full)).Length > 0
            : File.Exists(full) || Directory.Exists(full);
    }

    [GeneratedRegex(@"`((?:engine|harness|tests|bindings)/[\w./*-]+)`")]
    private static partial Regex PathName();

    [GeneratedRegex(@"`(\w+\.cs)`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"`(\w+Tests(?:\.\w+)?)`")]
    private static partial Regex TestName();
}
