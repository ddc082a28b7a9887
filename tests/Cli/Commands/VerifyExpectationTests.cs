using System.Text.Json;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands;

/// <summary>`verify` of a proof that must be that of a certain step.</summary>
public sealed class VerifyExpectationTests
{
    private const string Other = "0x03" + "00000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public void AValidProofOfAnotherStepIsRefused()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        workshop.Run(
            "run", "--input", "state.bin.gz", "--meta", "meta.json", "--proof-at", "=10", "--stop-at", "=11",
            "--snapshot-at", "=10", "--snapshot-fmt", "state-%d.bin", "--output", "").Expect(0);
        string[] command = ["verify", "--proof", "proof-10.json"];
        JsonElement alone = workshop.Run([.. command, "--json"]).Expect(0).WholeReport;
        Assert.True(alone.GetProperty("asExpected").GetBoolean());
        Assert.Empty(alone.GetProperty("expectations").EnumerateArray());
        string pre = alone.GetProperty("preHash").GetString()!;
        string post = alone.GetProperty("postHash").GetString()!;

        string[] all =
        [
            .. command, "--expect-pre", pre, "--expect-post", "0x" + post[2..].ToUpperInvariant(),
            "--prestate", "state-10.bin",
        ];
        string met = workshop.Run(all).Expect(0).Output;
        Assert.Equal(
            ["pre hash: as expected", "post hash: as expected", "prestate: as expected"],
            met.Split('\n')[^4..^1]);

        string notMet = workshop.Run([.. command, "--expect-pre", post]).Expect(3).Output;
        Assert.Contains(
            $"pre hash: not as expected: {post}, but the proof has {pre}", notMet, StringComparison.Ordinal);
        workshop.Run([.. command, "--expect-post", Other]).Expect(3);
        JsonElement report =
            workshop.Run([.. command, "--prestate", "state.bin.gz", "--json"]).Expect(3).WholeReport;
        Assert.True(report.GetProperty("valid").GetBoolean());
        Assert.False(report.GetProperty("asExpected").GetBoolean());
        JsonElement expectation =
            Assert.Single(report.GetProperty("expectations").EnumerateArray().ToArray());
        Assert.Equal("prestate", expectation.GetProperty("what").GetString());
        Assert.Equal(pre, expectation.GetProperty("found").GetString());
        JsonElement version = Assert.Single(report.GetProperty("versions").EnumerateArray().ToArray());
        Assert.Equal("singlethreaded-2", version.GetProperty("type").GetString());
        Assert.Equal(1, workshop.Run([.. command, "--expect-pre", pre[..^1]]).ExitCode);
        Assert.Equal(1, workshop.Run([.. command, "--expect-post", pre[2..]]).ExitCode);
        Assert.Equal(1, workshop.Run([.. command, "--prestate", "meta.json"]).ExitCode);
        Assert.Equal(
            1, workshop.Run([.. command, "--prestate", "state-10.bin", "--type", "singlethreaded"]).ExitCode);

        // A version is named by its number too.
        workshop.Run([.. command, "--prestate", "state-10.bin", "--type", "2"]).Expect(0);
        Assert.Contains(
            "is of version singlethreaded-2, not multithreaded64-5",
            workshop.Run([.. command, "--prestate", "state-10.bin", "--type", "8"]).Expect(1).ErrorOutput,
            StringComparison.Ordinal);
        workshop.Run("disassemble", "--input", "state-10.bin", "--type", "2").Expect(0);
        Assert.Contains(
            "is of version singlethreaded-2, not multithreaded64-5",
            workshop.Run("disassemble", "--input", "state-10.bin", "--type", "8").Expect(1).ErrorOutput,
            StringComparison.Ordinal);
    }
}
