using System.Globalization;
using System.Numerics;
using Culverin.Harness.Report.Pages;
using Xunit;

namespace Culverin.Harness.Tests.Report.Pages;

public sealed class WordingTests
{
    [Theory]
    [InlineData("0", "0 ETH", "0 ETH")]
    [InlineData("1", "0.000000000000000001 ETH", "<0.0001 ETH")]
    [InlineData("2500000000000000000", "2.5 ETH", "2.5 ETH")]
    [InlineData("1234567890123456789012", "1,234.567890123456789012 ETH", "1,234.5678 ETH")]
    [InlineData("-80000000000000001", "−0.080000000000000001 ETH", "−0.08 ETH")]
    public void Amounts_are_exact_or_rounded_down(string wei, string exact, string rounded)
    {
        BigInteger amount = BigInteger.Parse(wei, CultureInfo.InvariantCulture);
        Assert.Equal(exact, Wording.Ether(amount));
        Assert.Equal(rounded, Wording.RoundedEther(amount));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min 1 s")]
    [InlineData(3_600, "1 h")]
    [InlineData(86_400, "1 day")]
    [InlineData(302_400, "3 days 12 h")]
    public void Lengths_of_time_have_two_units(ulong seconds, string text) =>
        Assert.Equal(text, Wording.Duration(seconds));

    [Fact]
    public void Times_count_days_from_the_start()
    {
        Assert.Equal("day 0, 00:00:00", Wording.Time(50, 50));
        Assert.Equal("day 7, 01:02:03", Wording.Time(50 + (7 * 86_400) + 3_723, 50));
        Assert.Equal("day 0, 00:00:00", Wording.Time(49, 50));
    }
}
