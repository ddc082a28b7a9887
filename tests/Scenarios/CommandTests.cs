using System.Diagnostics;
using System.Text.Json;
using Culverin.Harness.Local;
using Culverin.Harness.Scenarios.Cases;
using Culverin.Harness.Scenarios.Run;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary><c>culverin-harness scenarios</c> as a process.</summary>
public static class CommandTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "culverin-harness.dll");

    private static readonly string Packages =
        Path.Combine(Repository.Folder, "harness", "contracts", "node_modules");

    [Fact]
    public static async Task Scenarios_are_played_and_each_prints_a_line()
    {
        (int exitCode, string output, string error) = await RunAsync(Packages, "g4", "W2/nonce", "--json");
        Assert.True(exitCode == 0, error + output);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        foreach (string line in lines)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.True(json.RootElement.GetProperty("held").GetBoolean(), line);
        }
    }

    [Fact]
    public static async Task The_table_tells_how_many_held()
    {
        (int exitCode, string output, string error) = await RunAsync(Packages, "G4");
        Assert.True(exitCode == 0, error + output);
        Assert.Contains("1 held, 0 broken", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public static async Task A_broken_expectation_gives_exit_code_1()
    {
        // Without the packages no arena starts.
        string folder = AppContext.BaseDirectory;
        (int exitCode, string output, string _) = await RunAsync(folder, "G3", "G4", "--json");
        Assert.Equal(1, exitCode);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        foreach (string line in lines)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            Assert.False(json.RootElement.GetProperty("held").GetBoolean());
            Assert.NotEmpty(json.RootElement.GetProperty("failure").GetString()!);
        }

        (exitCode, output, _) = await RunAsync(folder, "G4");
        Assert.Equal(1, exitCode);
        Assert.Contains("0 held, 1 broken", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "X9")]
    [InlineData(1, "W1", "W1/even")]
    [InlineData(2, "--depth", "three")]
    [InlineData(2, "--parallel", "many")]
    public static async Task What_there_is_not_is_refused(int expected, params string[] flags)
    {
        (int exitCode, string output, string error) = await RunAsync(Packages, flags);
        Assert.Equal(expected, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("culverin-harness: ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public static async Task The_list_has_them_all()
    {
        (int exitCode, string output, string _) = await RunAsync(Packages, "--list", "--json");
        Assert.Equal(0, exitCode);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ScenarioCatalog.Cases.Select(each => ScenarioJson.Line(each.Scenario, each.Variant)), lines);
        (exitCode, output, _) = await RunAsync(Packages, "--list");
        Assert.Equal(0, exitCode);
        Assert.All(
            ScenarioCatalog.All,
            scenario => Assert.Contains(scenario.Id, output, StringComparison.Ordinal));
    }

    [Fact]
    public static async Task Games_of_the_other_depth_are_left_out()
    {
        (int exitCode, string output, string _) =
            await RunAsync(Packages, "A1", "--list", "--json", "--depth", "odd");
        Assert.Equal(0, exitCode);
        Assert.Contains("\"variant\":\"odd-challenger\"", output, StringComparison.Ordinal);
        Assert.DoesNotContain("even", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        string packages, params string[] flags)
    {
        ProcessStartInfo start = new("dotnet", [Program, "scenarios", .. flags])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[NodePackages.FolderVariable] = packages;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
