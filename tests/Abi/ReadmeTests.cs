using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>
/// The commands of each binding's README lead from a published tree to the printed root of a real program.
/// </summary>
public sealed class ReadmeTests
{
    private const string Publish = "    ./build.sh publish";

    [LibraryFact("bash", "gcc")]
    public void C() => LeadsToTheRoot("c");

    [LibraryFact("bash", "python3")]
    public void Python() => LeadsToTheRoot("python");

    [LibraryFact("bash", "node")]
    public void Node() => LeadsToTheRoot("node");

    [LibraryFact("bash", "cargo", "rustc", "gcc")]
    public void Rust() => LeadsToTheRoot("rust");

    [LibraryFact("bash", "go")]
    public void Go() => LeadsToTheRoot("go");

    private static void LeadsToTheRoot(string language)
    {
        using var workshop = new Workshop();
        Directory.CreateDirectory(workshop.File("include"));
        foreach (string name in new[] { "libculverin.so", "libculverin.so.1" })
        {
            File.CreateSymbolicLink(workshop.File(name), Path.GetFullPath(Library.FilePath));
        }

        File.CreateSymbolicLink(workshop.File("culverin"), Binding.CommandLine);
        File.Copy(
            Path.Combine(Library.HeaderFolder, "culverin.h"), workshop.File("include", "culverin.h"));

        // What publishing made lies elsewhere here, so that no test touches the real folder.
        string commands = string.Join('\n', Commands(language))
            .Replace("$PWD/../../artifacts", workshop.Path, StringComparison.Ordinal)
            .Replace("../../artifacts", workshop.Path, StringComparison.Ordinal)
            .Replace("$PWD/artifacts", workshop.Path, StringComparison.Ordinal)
            .Replace("artifacts/", workshop.Path + "/", StringComparison.Ordinal)
            .Replace("-Lartifacts", "-L" + workshop.Path, StringComparison.Ordinal);
        string printed = Tool.Run(
            RepositoryFiles.Root,
            "bash",
            ["-euc", commands],
            ("CULVERIN_LIB_DIR", workshop.Path),
            ("PYTHONDONTWRITEBYTECODE", "1")).Expect().Output;
        string root = new GuestVector(StateVersion.MultiThreaded64V5, "hello").FinalHash;
        Assert.Contains($"root {root}\n", printed, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Commands(string language) =>
        File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "bindings", language, "README.md"))
            .SkipWhile(line => !line.StartsWith(Publish, StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => line.Trim());
}
