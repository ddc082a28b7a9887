using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Cli.Tests;

/// <summary>
/// The README's example by hand runs as it is printed, in a fresh folder, with files that exist.
/// </summary>
public sealed class ReadmeTests
{
    [Fact]
    public void TheExampleByHandRuns()
    {
        using var workshop = new Workshop();
        Directory.CreateDirectory(workshop.File("artifacts"));
        Directory.CreateSymbolicLink(workshop.File("tests"), Path.Combine(RepositoryFiles.Root, "tests"));
        string command = string.Join(' ', Culverin.Command.Select(word => $"'{word}'"));
        string program = workshop.File("artifacts", "culverin");
        File.WriteAllText(program, $"#!/bin/sh\nexec {command} \"$@\"\n");
        string[] lines = File.ReadAllLines(Path.Combine(RepositoryFiles.Root, "README.md"));
        string[] commands =
        [
            .. lines.SkipWhile(line => line != "or by hand:").Skip(2)
                .TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal))
                .Select(line => line.Trim()),
        ];
        Assert.True(commands.Length >= 4, "The README's example was not found.");
        string script = $"chmod +x artifacts/culverin\n{string.Join('\n', commands)}\n";
        CulverinResult result = Culverin.RunOther(workshop.Path, "sh", ["-euc", script], []).Expect(0);
        Assert.Contains(": valid\n", result.Output, StringComparison.Ordinal);
    }
}
