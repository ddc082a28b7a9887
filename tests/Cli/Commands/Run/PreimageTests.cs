using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands.Run;

/// <summary>Where pre-images come from, what is done about bad ones, stopping at them.</summary>
public sealed class PreimageTests
{
    private static readonly TimeSpan NoticedWithin = TimeSpan.FromSeconds(30);

    [Fact]
    public void ARecordingRepeatsARunWithoutItsServer()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "preimage");
        string[] run = ["run", "--input", "state.bin.gz", "--output=", "--json"];
        string[] record = ["--record", "r.pre", "--", .. Culverin.Server, vector.OracleFolder!];
        JsonElement live = workshop.Run([.. run, .. record]).Expect(0).LastReport;
        Assert.Equal(vector.FinalHash, live.GetProperty("stateHash").GetString());
        Assert.Contains("r.pre", workshop.FileNames);
        JsonElement replayed = workshop.Run([.. run, "--replay", "r.pre"]).Expect(0).LastReport;
        Assert.Equal(vector.FinalHash, replayed.GetProperty("stateHash").GetString());
        Assert.Equal(
            live.GetProperty("preimageRequests").GetUInt64(),
            replayed.GetProperty("preimageRequests").GetUInt64());
        workshop.Run([.. run, "--replay", "r.pre", "--record", "copy.pre"]).Expect(0);
        Assert.Equal(workshop.Bytes("r.pre").Length, workshop.Bytes("copy.pre").Length);

        byte[] cut = workshop.Bytes("r.pre")[..^40];
        File.WriteAllBytes(workshop.File("cut.pre"), cut);
        workshop.Run([.. run, "--replay", "cut.pre"]).Expect(1);
    }

    [Fact]
    public void StoppingAtPreimagesFollowsTheVectors()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "preimage");
        RecordedProof[] reads = [.. vector.Proofs().Where(proof => proof.Bytes("oracle-key") is not null)];
        RecordedProof first = reads[0];
        RecordedProof later = reads.First(read => read.Number("oracle-offset") > 8);
        string[] run = ["run", "--input", "state.bin.gz", "--json", "--oracle-dir", vector.OracleFolder!];
        AssertStops([.. run, "--stop-at-preimage-type", "any"], first);
        string key = later.Proof.GetProperty("oracle-key").GetString()!;
        string whole = string.Create(
            CultureInfo.InvariantCulture, $"{key}@{later.Number("oracle-offset")}@{later.Step}");
        AssertStops([.. run, "--stop-at-preimage", whole], later);

        string[] huge = ["--stop-at-preimage-larger-than", "1000000000"];
        CulverinResult end = workshop.Run([.. run, .. huge]).Expect(0);
        Assert.Equal("exited", end.LastReport.GetProperty("outcome").GetString());

        void AssertStops(string[] command, RecordedProof read)
        {
            CulverinResult result = workshop.Run(command).Expect(0);
            Assert.Equal("preimageRead", result.LastReport.GetProperty("outcome").GetString());
            Assert.Equal(read.Step + 1, result.LastReport.GetProperty("step").GetUInt64());
            Assert.Contains(
                "msg=\"Stopping at preimage read\"", result.ErrorOutput, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("die", "exit code 4")]
    [InlineData("kill", "signal")]
    [InlineData("short", "")]
    [InlineData("half-length", "")]
    [InlineData("extra", "")]
    [InlineData("huge", "")]
    [InlineData("close", "")]
    [InlineData("silent", "silent")]
    [InlineData("stall", "silent")]
    public void AServerThatBreaksIsToldAtOnce(string mode, string expected)
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "preimage");
        string[] flags = ["--preimage-timeout", "1", "--snapshot-on-error", "before.bin.gz"];
        var watch = Stopwatch.StartNew();
        CulverinResult result = workshop.Run(
            ["run", "--input", "state.bin.gz", .. flags, "--", .. Culverin.Server, "--mode", mode]).Expect(1);
        Assert.True(watch.Elapsed < NoticedWithin, $"It took {watch.Elapsed}.");
        Assert.Contains("error: ", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Contains(expected, result.ErrorOutput, StringComparison.Ordinal);
        Assert.Contains("before.bin.gz", workshop.FileNames);
        Assert.DoesNotContain("out.bin.gz", workshop.FileNames);
    }

    [Fact]
    public void TheServersWordsAreLogged()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "preimage");
        CulverinResult result = workshop.Run(
            ["run", "--input", "state.bin.gz", "--", .. Culverin.Server, "--mode", "die"]).Expect(1);

        // The server writes a colour code, which must not reach a terminal.
        Assert.Contains(
            "level=INFO msg=\"\" module=host data=0x", result.ErrorOutput, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.ErrorOutput);
    }

    [Fact]
    public void AMissingOrWrongPreimageIsAnErrorUnlessUnchecked()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "preimage");
        string[] run = ["run", "--input", "state.bin.gz", "--output=", "--oracle-dir", "folder"];
        Directory.CreateDirectory(workshop.File("folder"));
        Assert.Contains("0x", workshop.Run(run).Expect(1).ErrorOutput, StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(vector.OracleFolder!))
        {
            byte[] value = File.ReadAllBytes(file);
            string name = Path.GetFileName(file);
            if (name.StartsWith("02", StringComparison.Ordinal) && value.Length > 0)
            {
                value[^1] ^= 1;
            }

            File.WriteAllBytes(workshop.File("folder", name), value);
        }

        Assert.Contains("keccak256", workshop.Run(run).Expect(1).ErrorOutput, StringComparison.Ordinal);
        workshop.Run([.. run, "--preimage-unchecked"]).Expect(0);
        string tooLong = workshop.Run([.. run, "--preimage-max-bytes", "1"]).Expect(1).ErrorOutput;
        Assert.Contains("at most 1 are allowed", tooLong, StringComparison.Ordinal);
    }
}
