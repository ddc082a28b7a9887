using System.Text.RegularExpressions;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;
using Xunit;

namespace Culverin.Harness.Tests.Report.Pages;

/// <summary>The page of a story as text.</summary>
public sealed partial class StoryPageTests
{
    [Fact]
    public void The_tree_has_a_node_and_a_row_for_every_claim_and_an_edge_for_every_answer()
    {
        Story story = SampleStory.Create();
        int claims = story.Games.Max(game => game.Game.Claims.Count);
        string page = StoryPage.Write(story);
        Assert.Equal(claims, Regex.Count(page, "class=\"node ((dis)?honest|neutral)"));
        Assert.Equal(claims, Regex.Count(page, "class=\"row claim (output|execution) "));
        Assert.Equal(claims, Regex.Count(page, "class=\"edge\""));
        Assert.Equal(1, Regex.Count(page, "class=\"step-node\""));
    }

    [Fact]
    public void Nothing_hostile_gets_through()
    {
        string plain = StoryPage.Write(SampleStory.Create());
        string page = StoryPage.Write(SampleStory.Create(HostileText.Markup));
        Assert.Equal(Tags(plain), Tags(page));
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u202e', page);
        Assert.DoesNotContain('\u2028', page);
        Assert.DoesNotContain('\0', page);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_asks_nobody_for_anything()
    {
        string page = StoryPage.Write(SampleStory.Create());
        Assert.DoesNotMatch("(?i)(src|href|action|poster|data)=|@import|url\\(|https?://", page);
        Assert.Contains("default-src &#39;none&#39;", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<", "&lt;")]
    [InlineData("a\"b'c&d>e", "a&quot;b&#39;c&amp;d&gt;e")]
    [InlineData("\u202e\u200f\u2066\0\u007f\ufeff", "\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd")]
    [InlineData("größer → ✓ 🂡", "größer → ✓ 🂡")]
    [InlineData("", "")]
    public void Text_is_escaped(string text, string escaped) =>
        Assert.Equal(escaped, HtmlText.Escape(text));

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() =>
        Assert.Equal("a\ufffdb", HtmlText.Escape("a\ud83cb"));

    [Fact]
    public async Task A_page_replaces_the_one_that_was_there()
    {
        string folder = Directory.CreateTempSubdirectory("culverin-report-").FullName;
        try
        {
            string path = Path.Combine(folder, "new", "page.html");
            await StoryFile.WriteAsync(path, "first");
            await StoryFile.WriteAsync(path, "second");
            Assert.Equal("second", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
            CulverinException error = await Assert.ThrowsAsync<CulverinException>(
                () => StoryFile.WriteAsync(Path.Combine(path, "below", "a", "file.html"), ""));
            Assert.Equal(ErrorCode.FileAccess, error.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The names of all elements in their order.
    private static List<string> Tags(string page) =>
        [.. Tag().Matches(page[page.IndexOf("</style>", StringComparison.Ordinal)..])
            .Select(match => match.Value)];

    [GeneratedRegex("</?[A-Za-z0-9]+")]
    private static partial Regex Tag();
}
