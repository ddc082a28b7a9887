using System.Text.RegularExpressions;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Tidy.Tests;

/// <summary>The whole repository obeys the rules.</summary>
public sealed partial class TidyTests
{
    [Fact]
    public void TheTreeIsFound() => Assert.True(SourceFile.Tree.Count(file => file.IsCSharp) > 50);

    [Fact]
    public void LinesAreShort() => Nowhere(Rules.LongLines);

    [Fact]
    public void FilesAreShort() => Nowhere(Rules.TooManyLines);

    [Fact]
    public void FunctionsAreShort() => Nowhere(Rules.LongFunctions);

    [Fact]
    public void NamespacesEqualFolders() => Nowhere(file => Rules.WrongNamespace(file, NamespaceOf));

    [Fact]
    public void NothingIsLeftToComeBackTo() => Nowhere(Rules.Leftovers);

    [Fact]
    public void NoCodeIsCommentedOut() => Nowhere(Rules.DeadCode);

    [Fact]
    public void PointersSayWhyTheyAreSafe() => Nowhere(Rules.UnexplainedPointers);

    [Fact]
    public void NoRegistryIsNamed() => Nowhere(Rules.RegistryNames);

    [Fact]
    public void NoMachineIsNamed() => Nowhere(Rules.PathsOfAMachine);

    [Fact]
    public void OpcodesAreComparedInIsaOnly() => Nowhere(Rules.RawOpcodes);

    [Fact]
    public void EveryProjectHasItsLockFile()
    {
        string[] without =
        [
            .. SourceFile.Tree.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal))
                .Select(file => Path.GetDirectoryName(file.Path)!)
                .Where(folder => !File.Exists(
                    Path.Combine(RepositoryFiles.Root, folder, "packages.lock.json"))),
        ];
        Assert.True(without.Length == 0, $"no packages.lock.json in {string.Join(", ", without)}");
    }

    [Theory]
    [InlineData("./build.sh demo")]
    [InlineData("./build.sh test")]
    public void ReadmeNamesTheCommand(string command) =>
        Assert.Contains(
            command,
            File.ReadAllText(Path.Combine(RepositoryFiles.Root, "README.md")),
            StringComparison.Ordinal);

    // The root namespace of the nearest project above, and the folders between.
    private static string? NamespaceOf(string folder)
    {
        string below = "";
        for (string? at = folder; !string.IsNullOrEmpty(at); at = ParentOf(at))
        {
            if (at == "tests/Shared")
            {
                return "Culverin.Tests.Shared" + below;
            }

            SourceFile? project = SourceFile.Tree.FirstOrDefault(
                file => file.Path.EndsWith(".csproj", StringComparison.Ordinal)
                    && Path.GetDirectoryName(file.Path)!.Replace('\\', '/') == at);
            if (project is not null)
            {
                Match root = RootNamespace().Match(project.Text);
                return root.Success ? root.Groups[1].Value + below : null;
            }

            below = $".{Path.GetFileName(at)}{below}";
        }

        return null;
    }

    private static string? ParentOf(string path) => Path.GetDirectoryName(path)?.Replace('\\', '/');

    private static void Nowhere(Func<SourceFile, IEnumerable<string>> rule)
    {
        string[] violations = [.. SourceFile.Tree.SelectMany(rule)];
        string all = string.Join('\n', violations);
        Assert.True(violations.Length == 0, $"{violations.Length} violations:\n{all}");
    }

    [GeneratedRegex("<RootNamespace>([^<]+)</RootNamespace>")]
    private static partial Regex RootNamespace();
}
