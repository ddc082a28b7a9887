using Culverin.Cli.Flags;
using Xunit;

namespace Culverin.Cli.Tests.Flags;

public sealed class StepPatternTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("never", "")]
    [InlineData("always", "0 1 2 3 4 5 6 7 8 9 10 11 12")]
    [InlineData("=5", "5")]
    [InlineData("=0x0b", "11")]
    [InlineData("=010", "8")]
    [InlineData("=0b1_01,=1_1", "5 11")]
    [InlineData("%4", "0 4 8 12")]
    [InlineData("=5,=9,%4", "0 4 5 8 9 12")]
    [InlineData("=9, =5 ,never,", "5 9")]
    [InlineData("%3,%5", "0 3 5 6 9 10 12")]
    public void MatchesTheStepsItNames(string text, string expected)
    {
        StepPattern pattern = StepPattern.Parse(text);
        string steps = string.Join(' ', Enumerable.Range(0, 13).Where(step => pattern.Matches((ulong)step)));
        Assert.Equal(expected, steps);
        Assert.Equal(expected.Length == 0, pattern.IsNever);
    }

    [Theory]
    [InlineData("%0")]
    [InlineData("5")]
    [InlineData("=")]
    [InlineData("%")]
    [InlineData("=-1")]
    [InlineData("=1.5")]
    [InlineData("=1e9")]
    [InlineData("=0x")]
    [InlineData("=09")]
    [InlineData("=_1")]
    [InlineData("=1__0")]
    [InlineData("=0x1_")]
    [InlineData("=18446744073709551616")]
    [InlineData("sometimes")]
    [InlineData("=1;=2")]
    public void RefusesWhatIsNoPattern(string text)
    {
        CulverinException error = Assert.Throws<CulverinException>(() => StepPattern.Parse(text));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public void NextIsTheFirstMatchFromAStepOn()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            string text = string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(
                _ => (random.Next(2) == 0 ? "=" : "%") + random.Next(1, 60)));
            StepPattern pattern = StepPattern.Parse(text);
            for (ulong step = 0; step < 130; step++)
            {
                ulong[] matches = [.. Enumerable.Range(0, 200).Select(at => (ulong)at)
                    .Where(at => at >= step && pattern.Matches(at))];
                ulong? expected = matches.Length > 0 ? matches[0] : null;
                Assert.True(expected == pattern.NextAtOrAfter(step), $"seed {seed}, \"{text}\" from {step}");
            }
        }
    }

    [Fact]
    public void TheHighestStepsDoNotOverflow()
    {
        const ulong Last = ulong.MaxValue;
        Assert.Equal(Last, StepPattern.Parse("=18446744073709551615").NextAtOrAfter(0));
        Assert.Equal(Last, StepPattern.Parse("%0xffffffffffffffff").NextAtOrAfter(1));
        Assert.Equal(Last, StepPattern.Parse("always").NextAtOrAfter(Last));
        Assert.Null(StepPattern.Parse("%0x8000000000000000").NextAtOrAfter(Last));
        Assert.Null(StepPattern.Parse("=5").NextAtOrAfter(6));
        Assert.Null(StepPattern.Never.NextAtOrAfter(0));
    }

    [Theory]
    [InlineData("=5", ulong.MaxValue - 1, 7UL)]
    [InlineData("=18446744073709551615", ulong.MaxValue - 1, 1UL)]
    [InlineData("=18446744073709551615", ulong.MaxValue, null)]
    [InlineData("=7", 7UL, null)]
    [InlineData("=6", 7UL, ulong.MaxValue)]
    [InlineData("%5", ulong.MaxValue - 1, 1UL)]
    [InlineData("%5", ulong.MaxValue, 1UL)]
    [InlineData("always", ulong.MaxValue, 1UL)]
    [InlineData("%0x8000000000000000,=9", ulong.MaxValue - 4, 5UL)]
    [InlineData("never", 3UL, null)]
    public void CountingGoesOnWhereTheCounterStartsAgain(string text, ulong step, ulong? steps) =>
        Assert.Equal(steps, StepPattern.Parse(text).StepsToNext(step));
}
