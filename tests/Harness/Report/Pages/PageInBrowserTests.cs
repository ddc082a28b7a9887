using System.Text;
using System.Text.Json.Nodes;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;
using Xunit;

namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>The page of a story in a real browser.</summary>
public sealed class PageInBrowserTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("culverin-page-");
    private Browser? _browser;

    public async Task InitializeAsync() =>
        _browser = Browser.Program is null ? null : await Browser.StartAsync();

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [BrowserFact]
    public async Task It_is_whole_and_legible_at_every_width_and_in_both_themes()
    {
        Story story = SampleStory.Create();
        string path = await WriteAsync(story);
        BrowserPage page = await _browser!.OpenAsync();
        foreach (int width in new[] { 1280, 800, 400 })
        {
            foreach (bool isDark in new[] { false, true })
            {
                await page.ShowAsync(path, width, isDark);
                await AssertSoundAsync(page, path, story.Games.Max(game => game.Game.Claims.Count));
                string paper = (string)(await page.EvaluateAsync(
                    "getComputedStyle(document.body).backgroundColor"))!;
                Assert.Equal(isDark, paper.StartsWith("rgb(1", StringComparison.Ordinal));
            }
        }
    }

    [BrowserFact]
    public async Task Hostile_texts_are_shown_and_do_nothing()
    {
        string path = await WriteAsync(SampleStory.Create());
        BrowserPage page = await _browser!.OpenAsync();
        await page.ShowAsync(path, 1280, isDark: false);
        int elements = await CountAsync(page, "*");
        string hostile = await WriteAsync(SampleStory.Create(HostileText.Markup));
        await page.ShowAsync(hostile, 400, isDark: false);
        Assert.Empty(page.Complaints);
        Assert.Equal([new Uri(hostile).AbsoluteUri], page.Requests);
        Assert.Equal(elements, await CountAsync(page, "*"));
        Assert.Equal(0, await CountAsync(page, "script, img, [onload], [onerror]"));
        string title = (string)(await page.EvaluateAsync("document.title"))!;
        Assert.Contains("<script>alert(1)</script>", title, StringComparison.Ordinal);
        Assert.Empty((JsonArray)(await page.EvaluateAsync(PageChecks.TooWide))!);
    }

    [BrowserFact]
    public async Task It_prints_with_what_is_folded()
    {
        string path = await WriteAsync(SampleStory.Create());
        BrowserPage page = await _browser!.OpenAsync();
        await page.ShowAsync(path, 1000, isDark: false);
        const string FoldedHeight = "document.querySelector('details').getBoundingClientRect().height";
        Assert.InRange((double)(await page.EvaluateAsync(FoldedHeight))!, 10, 50);
        await page.SetPrintAsync();
        Assert.InRange((double)(await page.EvaluateAsync(FoldedHeight))!, 100, 1_000);
        byte[] pdf = await page.PrintAsync();
        Assert.Equal("%PDF", Encoding.ASCII.GetString(pdf, 0, 4));
    }

    [BrowserFact]
    public async Task Every_check_sees_what_it_looks_for()
    {
        string sound = StoryPage.Write(SampleStory.Create());
        BrowserPage page = await _browser!.OpenAsync();
        foreach ((string check, string right, string wrong) in new[]
        {
            (PageChecks.PaleTexts, "--soft: #566172", "--soft: #b9c0ca"),
            (PageChecks.NodesBesideNoRow, "(var(--row) + 0.5)", "(var(--row) + 1.5)"),
            (PageChecks.LooseEdges, "scaleY(var(--row-pixels))", "scaleY(30)"),
            (PageChecks.WrongHeadings, "h2>", "h4>"),
            (PageChecks.NamelessDrawings, "aria-label=", "data-label="),
            (PageChecks.TooWide, ".cards {", ".cards { width: 2000px;"),
        })
        {
            Assert.Contains(right, sound, StringComparison.Ordinal);
            string path = Path.Combine(_folder.FullName, "faulty.html");
            await StoryFile.WriteAsync(path, sound.Replace(right, wrong, StringComparison.Ordinal));
            await page.ShowAsync(path, 1280, isDark: false);
            Assert.NotEmpty((JsonArray)(await page.EvaluateAsync(check))!);
        }
    }

    /// <summary>Nothing is wrong with a page, whose largest tree has so many claims.</summary>
    internal static async Task AssertSoundAsync(BrowserPage page, string path, int claimCount)
    {
        Assert.Empty(page.Complaints);
        Assert.Equal([new Uri(path).AbsoluteUri], page.Requests);
        Assert.Equal(claimCount, await CountAsync(page, "svg.tree .node"));
        Assert.Equal(claimCount, await CountAsync(page, "li.claim:not(.settled)"));
        foreach (string check in new[]
        {
            PageChecks.PaleTexts, PageChecks.NodesBesideNoRow, PageChecks.LooseEdges,
            PageChecks.WrongHeadings, PageChecks.NamelessDrawings, PageChecks.TooWide,
        })
        {
            Assert.Equal("[]", (await page.EvaluateAsync(check))!.ToJsonString());
        }
    }

    private static async Task<int> CountAsync(BrowserPage page, string selector) =>
        (int)(await page.EvaluateAsync($"document.querySelectorAll('{selector}').length"))!;

    private async Task<string> WriteAsync(Story story)
    {
        string path = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.html");
        await StoryFile.WriteAsync(path, StoryPage.Write(story));
        return path;
    }
}
