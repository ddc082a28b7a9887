using System.Globalization;
using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>The demo as a user runs it.</summary>
public sealed class DemoTests(ITestOutputHelper output)
{
    private const char Escape = '\u001b';

    private static readonly string[] Shown =
        ["first step", "last step", "load", "pre-image read", "store", "system call"];

    private readonly GuestVector _vector = new(StateVersion.SingleThreaded, "preimage");

    [Fact]
    public async Task It_prints_the_run_the_agreeing_steps_and_the_refusal()
    {
        DemoProcess demo = await DemoProcess.RunAsync("demo", "steps");
        output.WriteLine(demo.Output + demo.Error);
        Assert.Equal((0, ""), (demo.ExitCode, demo.Error));
        string steps = _vector.Steps.ToString("N0", CultureInfo.InvariantCulture);
        Assert.Contains($"steps       {steps}\n", demo.Output, StringComparison.Ordinal);
        Assert.Contains(_vector.FinalHash, demo.Output, StringComparison.Ordinal);
        Assert.Contains("M steps/s", demo.Output, StringComparison.Ordinal);
        foreach (string line in _vector.StandardOutput.TrimEnd('\n').Split('\n'))
        {
            Assert.Contains($"guest says  {line}", demo.Output, StringComparison.Ordinal);
        }

        string[] rows = [.. demo.Output.Split('\n').Where(line => Shown.Any(what =>
            line.StartsWith($"  {what} ", StringComparison.Ordinal)))];
        Assert.Equal(Shown.Length, rows.Length);
        Assert.All(rows, row => Assert.Contains(" ✓ ", row, StringComparison.Ordinal));
        Assert.Contains("reverted with 0x0badf00d", demo.Output, StringComparison.Ordinal);
        Assert.Contains("✓ 6 of 6 steps agree", demo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Escape, demo.Output);
    }

    [Theory]
    [InlineData("good", 0)]
    [InlineData("bad", 1)]
    public async Task Its_json_report_has_both_hashes_of_every_step(string preimages, int exitCode)
    {
        DemoProcess demo = await DemoProcess.RunAsync(
            "demo", "steps", "--json", "--preimages", RepositoryFiles.Vector("oracle", preimages));
        Assert.Equal((0, ""), (demo.ExitCode, demo.Error));
        JsonElement report = JsonDocument.Parse(demo.Output).RootElement;
        Assert.True(report.GetProperty("agrees").GetBoolean());
        JsonElement run = report.GetProperty("run");
        Assert.Equal(exitCode, run.GetProperty("exitCode").GetInt32());
        string finalHash = run.GetProperty("finalHash").GetString()!;
        Assert.StartsWith($"0x0{exitCode}", finalHash, StringComparison.Ordinal);
        string guest = exitCode == 0 ? "preimage" : "preimage-bad";
        GuestVector vector = new(StateVersion.SingleThreaded, guest);
        Assert.Equal(vector.FinalHash, finalHash);
        Assert.Equal(vector.Steps, run.GetProperty("steps").GetUInt64());
        Assert.Equal(vector.StandardOutput, run.GetProperty("output").GetString());

        JsonElement[] steps = [.. report.GetProperty("steps").EnumerateArray()];
        Assert.Equal(
            Shown,
            steps.Select(step => step.GetProperty("what").GetString()!).Order(StringComparer.Ordinal));
        foreach (JsonElement step in steps)
        {
            Assert.Equal(
                step.GetProperty("enginePostHash").GetString(),
                step.GetProperty("contractPostHash").GetString());
            Assert.True(step.GetProperty("agrees").GetBoolean());
            Assert.InRange(step.GetProperty("gas").GetUInt64(), 40_000ul, 300_000ul);
        }

        Assert.Equal(finalHash, steps[^1].GetProperty("enginePostHash").GetString());
        JsonElement tampering = report.GetProperty("tampering");
        Assert.True(tampering.GetProperty("isRefused").GetBoolean());
        Assert.Contains(
            "0x0badf00d", tampering.GetProperty("contract").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task On_a_terminal_it_draws_a_table_and_heeds_no_color(bool isColorless)
    {
        DemoProcess demo = await DemoProcess.RunOnTerminalAsync(isColorless, "demo", "steps");
        output.WriteLine(demo.Output);
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("│ pre-image read │", demo.Output, StringComparison.Ordinal);
        Assert.Contains("6 of 6 steps agree", demo.Output, StringComparison.Ordinal);
        Assert.Equal(isColorless, !demo.Output.Contains($"{Escape}[32m", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guest_without_pre_images_shows_its_other_steps()
    {
        DemoProcess demo = await DemoProcess.RunAsync(
            "demo", "steps", "--json", "--guest", RepositoryFiles.Vector("elf", "hello.go121.elf.gz"));
        Assert.Equal((0, ""), (demo.ExitCode, demo.Error));
        JsonElement report = JsonDocument.Parse(demo.Output).RootElement;
        Assert.Equal(
            Shown.Except(["pre-image read"]),
            report.GetProperty("steps").EnumerateArray()
                .Select(step => step.GetProperty("what").GetString()!)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wrong_flag_is_a_usage_error()
    {
        DemoProcess demo = await DemoProcess.RunAsync("demo", "steps", "--nothing");
        Assert.Equal(2, demo.ExitCode);
        Assert.Contains("--nothing", demo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_guest_is_an_error_in_one_line()
    {
        DemoProcess demo = await DemoProcess.RunAsync("demo", "steps", "--guest", "nowhere.elf");
        Assert.Equal((1, ""), (demo.ExitCode, demo.Output));
        Assert.Contains("nowhere.elf", Assert.Single(Lines(demo.Error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_the_pre_images_is_an_error_in_one_line()
    {
        DirectoryInfo empty = Directory.CreateTempSubdirectory("culverin-demo-");
        try
        {
            DemoProcess demo = await DemoProcess.RunAsync("demo", "steps", "--preimages", empty.FullName);
            Assert.Equal((1, ""), (demo.ExitCode, demo.Output));
            Assert.Contains("missing pre-image", Assert.Single(Lines(demo.Error)), StringComparison.Ordinal);
        }
        finally
        {
            empty.Delete();
        }
    }

    [Fact]
    public async Task Terminated_it_leaves_nothing_behind()
    {
        DemoProcess demo = await DemoProcess.RunAndTerminateAsync("demo", "steps");
        Assert.Equal(130, demo.ExitCode);
        Assert.DoesNotContain("steps agree", demo.Output, StringComparison.Ordinal);
    }

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
