using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Culverin.Mutations;

/// <summary>
/// The tests of the harness with a build of it in which one text is another. The tests are built once; for
/// each mutation only the harness itself is compiled again, beside the sources, and put under them.
/// </summary>
/// <param name="root">The repository's folder.</param>
internal sealed partial class Mutant(string root)
{
    private const string Harness = "Culverin.Harness";
    private const string AnyFile = "Disputes/Player/GamePlayer.cs";

    private readonly string _artifacts = Path.Combine(root, "artifacts", "mutants");

    private string Tests => Path.Combine(_artifacts, "bin", "Culverin.Harness.Tests", "release");

    /// <summary>Builds the tests with the harness as it is.</summary>
    internal async Task BuildTestsAsync() => Require(
        await RunAsync("dotnet", ["build", Path.Combine("tests", "Harness"), .. Options()]), "The tests");

    /// <summary>
    /// Puts a mutation under the tests, or the harness as it is. Throws <see
    /// cref="InvalidOperationException"/> when its text is not in the file exactly once, or does not compile.
    /// </summary>
    internal async Task PutAsync(Mutation? mutation)
    {
        // Also the harness as it is has a file of its own put in: the compiler runs for what is newer only.
        string file = mutation?.File ?? AnyFile;
        string path = Path.Combine(_artifacts, "mutant", Path.GetFileName(file));
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(
            path,
            mutation is null
                ? await File.ReadAllTextAsync(Path.Combine(root, "harness", file))
                : await ReadAsync(mutation));
        Require(
            await RunAsync(
                "dotnet",
                [
                    "build", Path.Combine("harness", $"{Harness}.csproj"), "--no-restore",
                    "-p:BuildProjectReferences=false", $"-p:MutatedFile={file}", $"-p:MutantFile={path}",
                    .. Options(),
                ]),
            mutation?.Name ?? Harness);
        File.Copy(
            Path.Combine(_artifacts, "bin", Harness, "release", $"{Harness}.dll"),
            Path.Combine(Tests, $"{Harness}.dll"),
            overwrite: true);
    }

    /// <summary>
    /// A mutation's file as it changes it. Throws <see cref="InvalidOperationException"/> when its text is
    /// not in the file exactly once.
    /// </summary>
    internal async Task<string> ReadAsync(Mutation mutation)
    {
        string source = await File.ReadAllTextAsync(Path.Combine(root, "harness", mutation.File));
        int place = source.IndexOf(mutation.Find, StringComparison.Ordinal);
        return place >= 0 && source.IndexOf(mutation.Find, place + 1, StringComparison.Ordinal) < 0
            ? source.Replace(mutation.Find, mutation.Replacement, StringComparison.Ordinal)
            : throw new InvalidOperationException(
                $"{mutation.File} does not hold the text of {mutation.Name} exactly once.");
    }

    /// <summary>How many cases of a guard are red, and how many there are.</summary>
    internal async Task<(int Red, int All)> CountAsync(Guard guard)
    {
        int red = 0;
        int all = 0;
        if (guard.Tests is { Length: > 0 } name)
        {
            (_, string output) = await RunAsync(
                "dotnet",
                [
                    "test", Path.Combine(Tests, "Culverin.Harness.Tests.dll"), "--nologo", "--filter",
                    string.Join('|', name.Split('|').Select(each => $"FullyQualifiedName~{each}")),
                ]);
            Match counts = TestCounts().Match(output);
            red += int.Parse(counts.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            all += int.Parse(counts.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (guard.Scenarios.Length > 0)
        {
            (_, string output) = await RunAsync(
                "dotnet",
                [Path.Combine(Tests, "culverin-harness.dll"), "scenarios", .. guard.Scenarios, "--json"]);
            red += Broken().Count(output);
            all += Broken().Count(output) + Held().Count(output);
        }

        return all > 0
            ? (red, all)
            : throw new InvalidOperationException($"No cases for {guard.Tests}.");
    }

    // Analysers have their say where the text is written, not here.
    private string[] Options() =>
    [
        "-c", "Release", "-v", "quiet", "-nologo", $"-p:ArtifactsPath={_artifacts}",
        $"-p:CustomAfterMicrosoftCommonTargets={Path.Combine(root, "tests", "Mutations", "mutant.targets")}",
        "-p:TreatWarningsAsErrors=false", "-p:EnforceCodeStyleInBuild=false", "-p:RunAnalyzers=false",
    ];

    private async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    private static void Require((int ExitCode, string Output) run, string what)
    {
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{what} cannot be built:{Environment.NewLine}{run.Output}");
        }
    }

    [GeneratedRegex("Failed: +([0-9]+), Passed: +[0-9]+, Skipped: +[0-9]+, Total: +([0-9]+)")]
    private static partial Regex TestCounts();

    [GeneratedRegex("\"held\":true")]
    private static partial Regex Held();

    [GeneratedRegex("\"held\":false")]
    private static partial Regex Broken();
}
