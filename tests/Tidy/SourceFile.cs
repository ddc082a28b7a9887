using Culverin.Tests.Shared;

namespace Culverin.Tidy.Tests;

/// <summary>A text file of the repository, or a planted one that exists only in a test.</summary>
/// <param name="Path">Path from the repository's root, with forward slashes.</param>
/// <param name="Text">Its content.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] SkippedFolders =
    [
        ".git", "artifacts", "bin", "obj", "node_modules", "vectors", "BenchmarkDotNet.Artifacts",
        "TestResults",
    ];

    private static readonly string[] TextEndings =
    [
        ".cs", ".csproj", ".props", ".targets", ".sln", ".md", ".sh", ".ps1", ".json", ".yml", ".sol", ".h",
        ".c",
        ".py", ".rs", ".go", ".js", ".mjs", ".ts", ".toml", ".txt", ".editorconfig", ".gitignore", "run",
    ];

    private string? _code;

    /// <summary>All text files of the repository but build output, packages and recorded vectors.</summary>
    public static IReadOnlyList<SourceFile> Tree { get; } = [.. Walk(RepositoryFiles.Root)];

    /// <summary>Whether it is C#.</summary>
    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Whether a program of ours writes it; a test of its own keeps it fresh.</summary>
    public bool IsGenerated => Path.EndsWith(".g.cs", StringComparison.Ordinal);

    /// <summary>The lines of the text.</summary>
    public string[] Lines => Text.Split('\n');

    /// <summary>The text with the contents of comments and literals blanked out, line for line.</summary>
    public string Code => _code ??= CodeText.Blank(Text);

    /// <summary>The lines of <see cref="Code"/>.</summary>
    public string[] CodeLines => Code.Split('\n');

    private static IEnumerable<SourceFile> Walk(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (TextEndings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)))
            {
                yield return new SourceFile(
                    System.IO.Path.GetRelativePath(RepositoryFiles.Root, path).Replace('\\', '/'),
                    File.ReadAllText(path));
            }
        }

        foreach (string child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (!SkippedFolders.Contains(System.IO.Path.GetFileName(child)))
            {
                foreach (SourceFile file in Walk(child))
                {
                    yield return file;
                }
            }
        }
    }
}
