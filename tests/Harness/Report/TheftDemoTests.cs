using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Culverin.Harness.Local;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Report.Pages;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Report;

/// <summary>The demo as a process, on the real contracts with the real program.</summary>
public sealed class TheftDemoTests(ITestOutputHelper output)
{
    private const int Depth = 72;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "culverin-harness.dll");

    [L2NodeFact]
    public async Task The_theft_ends_at_one_instruction_and_the_page_tells_it()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-demo-");
        try
        {
            string path = Path.Combine(folder.FullName, "page.html");
            (int exitCode, string report, string error) = await RunAsync("--json", "--out", path);
            output.WriteLine(error);
            Assert.True(exitCode == 0, report);
            using JsonDocument json = JsonDocument.Parse(report);
            AssertStory(json.RootElement);
            Assert.Contains("A theft, stopped at one instruction", await File.ReadAllTextAsync(path));
            if (Browser.Program is not null)
            {
                await using Browser browser = await Browser.StartAsync();
                BrowserPage page = await browser.OpenAsync();
                foreach (int width in new[] { 1280, 400 })
                {
                    await page.ShowAsync(path, width, isDark: width == 400);
                    await PageInBrowserTests.AssertSoundAsync(page, path, Depth + 1);
                }
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [L2NodeFact]
    public async Task On_standard_output_it_is_a_timeline_in_plain_lines()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-demo-");
        try
        {
            string path = Path.Combine(folder.FullName, "page.html");
            (int exitCode, string told, string error) = await RunAsync("--out", path);
            Assert.Equal((0, ""), (exitCode, error));
            foreach (string line in new[]
            {
                "A user withdraws\n",
                "proposal 2, with the proof of block 300: refused\n",
                "OptimismPortal: invalid output root proof",
                "executes lw $a0, 4($sp), and claim 72 is refuted",
                "is paid by the portal (2.5 ETH",
                "expectations held (",
                $"  page: {path}\n",
            })
            {
                Assert.Contains(line, told, StringComparison.Ordinal);
            }

            Assert.DoesNotContain('\u001b', told);
            Assert.DoesNotContain("✗", told, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertStory(JsonElement story)
    {
        Assert.True(story.GetProperty("held").GetBoolean());
        Assert.All(
            story.GetProperty("expectations").EnumerateArray(),
            expectation => Assert.True(expectation.GetProperty("held").GetBoolean()));
        JsonElement game = story.GetProperty("games").EnumerateArray().Last();
        Assert.Equal("ChallengerWins", game.GetProperty("status").GetString());
        JsonElement[] claims = [.. game.GetProperty("claims").EnumerateArray()];
        Assert.Equal(
            Enumerable.Range(0, Depth + 1), claims.Select(claim => claim.GetProperty("depth").GetInt32()));
        Assert.All(claims, claim => Assert.NotEqual("", claim.GetProperty("transaction").GetString()));

        // The challenger never says anything wrong; the thief's first claim is, and the last one too unless
        // the step goes on from it, which depends on the number of steps before the lie.
        Assert.All(
            claims.Where((_, place) => place % 2 == 1),
            claim => Assert.True(claim.GetProperty("isRight").GetBoolean()));
        Assert.False(claims[0].GetProperty("isRight").GetBoolean());
        JsonElement step = game.GetProperty("step");
        Assert.NotEqual(
            step.GetProperty("isAttack").GetBoolean(), claims[^1].GetProperty("isRight").GetBoolean());
        Assert.Equal(Depth, step.GetProperty("claim").GetInt32());
        Assert.NotEqual(step.GetProperty("claimed").GetString(), step.GetProperty("after").GetString());
        Assert.Equal(
            ["Paid", "Dead"],
            story.GetProperty("withdrawals").EnumerateArray()
                .Select(withdrawal => withdrawal.GetProperty("end").GetString()));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] flags)
    {
        List<string> arguments = ["exec", Program, "demo", .. flags];
        ProcessStartInfo start = new("dotnet", arguments)
        {
            WorkingDirectory = Repository.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment[NodePackages.FolderVariable] =
            Path.Combine(Repository.Folder, "harness", "contracts", "node_modules");
        using Process process = Process.Start(start)!;
        Task<string> told = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await told, await error);
    }
}
