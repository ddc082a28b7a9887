using Xunit;

namespace Culverin.Cli.Tests.Flags;

/// <summary>Words that are nearly right are told.</summary>
public sealed class SpellingTests
{
    [Theory]
    [InlineData("verfiy --proof x", "Perhaps \"verify\" is meant.")]
    [InlineData("trace prof", "Perhaps \"trace proof\" is meant.")]
    [InlineData("run --inptu x", "Perhaps \"--input\" is meant.")]
    [InlineData("strace --onyl=x", "Perhaps \"--only\" is meant.")]
    public void ANearWordIsProposed(string words, string proposal)
    {
        using var workshop = new Workshop();
        string error = workshop.Run(words.Split(' ')).Expect(1).ErrorOutput;
        Assert.Contains(proposal, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xyz")]
    [InlineData("run --qqqqqq x")]
    public void NothingFarIsProposed(string words)
    {
        using var workshop = new Workshop();
        string error = workshop.Run(words.Split(' ')).Expect(1).ErrorOutput;
        Assert.DoesNotContain("Perhaps", error, StringComparison.Ordinal);
    }
}
