using System.Text;
using Culverin.Cli.Commands.Run;
using Culverin.Cli.Files;
using Culverin.Cli.Output;
using Culverin.Execute;
using Xunit;

namespace Culverin.Cli.Tests.Flags;

/// <summary>The small languages of flags: file names, pre-image stops, quoting.</summary>
public sealed class ArgumentTests
{
    private static readonly byte[] Key =
        [2, 0xAB, .. new byte[30]];

    [Theory]
    [InlineData("proof-%d.json", "proof-255.json", true)]
    [InlineData("%08d|%x|%X|%4x|%v|100%%", "00000255|ff|FF|  ff|255|100%", true)]
    [InlineData("plain.json", "plain.json", false)]
    [InlineData("-", "-", false)]
    public void FileNamesTakeTheStep(string format, string expected, bool hasStep)
    {
        var name = new FileNameFormat(format);
        Assert.Equal(expected, name.Expand(255));
        Assert.Equal(hasStep, name.HasStep);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("a%s")]
    [InlineData("%99999999999d")]
    [InlineData("%1000d")]
    [InlineData("%5%")]
    [InlineData("%n%d")]
    public void FileNamesRefuseOtherVerbs(string format)
    {
        CulverinException error = Assert.Throws<CulverinException>(() => new FileNameFormat(format));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
    }

    [Theory]
    [InlineData(null, "any", 0, 40, 99, true)]
    [InlineData(null, "keccak", 0, 0, 99, true)]
    [InlineData(null, "keccak", 0, 8, 99, false)]
    [InlineData(null, "local", 0, 0, 99, false)]
    [InlineData(null, "", 27, 8, 99, true)]
    [InlineData(null, "", 28, 8, 99, false)]
    [InlineData(null, "keccak", 27, 8, 99, true)]
    [InlineData(null, "sha256", 27, 8, 99, false)]
    [InlineData("02ab", "local", 0, 0, 99, true)]
    [InlineData("0x2", "", 0, 0, 99, true)]
    [InlineData("02ac", "", 0, 0, 99, false)]
    [InlineData("02@16", "", 0, 16, 99, true)]
    [InlineData("02@16", "", 0, 0, 99, false)]
    [InlineData("02@16@99", "", 0, 16, 99, true)]
    [InlineData("02@16@100", "", 0, 16, 99, false)]
    [InlineData("", "any", 0, 0, 99, false)]
    public void PreimageStopsCombineAsInTheReference(
        string? key, string type, ulong largerThan, ulong offset, ulong step, bool expected)
    {
        // 20 bytes, 28 with the length before them.
        var read = new PreimageRead(Key, offset, new byte[20]);
        Assert.Equal(expected, PreimageStop.Parse(key, type, largerThan).Matches(read, step));
    }

    [Theory]
    [InlineData("zz", "")]
    [InlineData("02@x", "")]
    [InlineData("02@1@", "")]
    [InlineData("02@1@2@3", "")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000", "")]
    [InlineData(null, "keccak256")]
    public void PreimageStopsRefuseNonsense(string? key, string type) =>
        Assert.Throws<CulverinException>(() => PreimageStop.Parse(key, type, 0));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("a=b", "\"a=b\"")]
    [InlineData("say \"hi\"\n", "\"say \\\"hi\\\"\\n\"")]
    [InlineData("\u001b[31m\tx\\\r", "\"\\x1b[31m\\tx\\\\\\r\"")]
    [InlineData("runtime.(*mspan).sweep", "runtime.(*mspan).sweep")]
    public void LogValuesAreQuotedAsGoDoes(string value, string expected)
    {
        var line = new StringBuilder();
        GoText.AppendValue(line, value);
        Assert.Equal(expected, line.ToString());
    }
}
