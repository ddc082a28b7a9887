using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands.Trace;

/// <summary>`trace build`, `hash`, `proof` and `info`.</summary>
public sealed class TraceCommandTests
{
    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void ATraceIsBuiltOnceAndAskedWithoutTheServer(StateVersion version)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, "preimage");
        string[] server = ["--", .. Culverin.Server, vector.OracleFolder!];
        JsonElement built = workshop.Run(
        [
            "trace", "build", "--dir", "t", "--input", "state.bin.gz", "--spacing", "500000", "--json",
            .. server,
        ]).Expect(0).WholeReport;
        Assert.True(built.GetProperty("finished").GetBoolean());
        Assert.Equal(vector.Steps, built.GetProperty("lastStep").GetUInt64());

        (ulong Step, string Hash)[] known = [.. vector.Hashes()];
        string steps = string.Join(',', known.Select(pair => pair.Step).Append(ulong.MaxValue));
        IReadOnlyList<JsonElement> hashes = workshop.Run(
            "trace", "hash", "--dir", "t", "--at", steps, "--jobs", "2", "--json").Expect(0).Reports;
        Assert.Equal(
            [.. known.Select(pair => pair.Hash), vector.FinalHash],
            hashes.Select(report => report.GetProperty("stateHash").GetString()));

        RecordedProof read = vector.Proofs().Last(proof => proof.Bytes("oracle-key") is not null);
        workshop.Run("trace", "proof", "--dir", "t", "--at", $"{read.Step}").Expect(0);
        using JsonDocument proof = JsonDocument.Parse(workshop.Text($"proof-{read.Step}.json"));
        foreach (string field in new[] { "pre", "post", "state-data", "proof-data", "oracle-value" })
        {
            Assert.Equal(
                read.Proof.GetProperty(field).GetString(), proof.RootElement.GetProperty(field).GetString());
        }

        JsonElement info = workshop.Run("trace", "info", "--dir", "t").Expect(0).WholeReport;
        Assert.Equal(vector.PrestateHash, info.GetProperty("firstHash").GetString());
        Assert.True(info.GetProperty("preimages").GetInt32() > 0);
    }

    [Fact]
    public void InfoTellsTheSpacingThatTheTraceWasBuiltWith()
    {
        using var workshop = new Workshop();
        workshop.MakeEndless();
        string[] build = ["trace", "build", "--dir", "t", "--input", "state.bin", "--until"];
        workshop.Run([.. build, "50000", "--spacing", "20000"]).Expect(0);
        Assert.Equal(20_000ul, SpacingOf(workshop));

        // Going on keeps it, unless another is asked for.
        workshop.Run([.. build, "60000"]).Expect(0);
        Assert.Equal(20_000ul, SpacingOf(workshop));
        workshop.Run("trace", "build", "--dir", "t", "--until", "70000", "--spacing", "30000").Expect(0);
        Assert.Equal(30_000ul, SpacingOf(workshop));
        File.WriteAllText(workshop.File("t", "spacing-steps"), "damaged");
        Assert.Equal(1ul << 25, SpacingOf(workshop));
    }

    private static ulong SpacingOf(Workshop workshop) => workshop.Run("trace", "info", "--dir", "t").Expect(0)
        .WholeReport.GetProperty("spacingSteps").GetUInt64();

    [Fact]
    public void PastTheEndTheProofChangesNothing()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "quirks");
        string[] oracle = ["--oracle-dir", vector.OracleFolder!];
        workshop.Run(["trace", "build", "--dir", "t", "--input", "state.bin.gz", "--until", "100", .. oracle])
            .Expect(0);
        JsonElement report = workshop.Run(
        [
            "trace", "proof", "--dir", "t", "--at", $"{ulong.MaxValue}", "--proof-fmt", "p.json", "--json",
            .. oracle,
        ]).Expect(0).LastReport;
        Assert.True(report.GetProperty("pastEnd").GetBoolean());
        Assert.Equal(vector.FinalHash, report.GetProperty("postHash").GetString());
        workshop.Run("verify", "--proof", "p.json").Expect(0);
    }

    [Fact]
    public void WrongUseIsToldInASentence()
    {
        using var workshop = new Workshop();
        workshop.Load(StateVersion.SingleThreaded2, "hello");
        workshop.Run("trace", "build", "--dir", "t", "--input", "state.bin.gz").Expect(0);
        Fails("There is no trace", "trace", "info", "--dir", "missing");
        Fails("steps with commas", "trace", "hash", "--dir", "t", "--at", "1,x");
        Fails("There is no command", "trace", "walk", "--dir", "t");
        workshop.Load(StateVersion.SingleThreaded2, "quirks");
        Fails("another state or input", "trace", "build", "--dir", "t", "--input", "state.bin.gz");
        File.WriteAllBytes(workshop.File("t", "first.culverin"), [1, 2, 3]);
        Fails("missing or damaged", "trace", "info", "--dir", "t");
        workshop.Run("trace", "info", "--help").Expect(0);

        void Fails(string sentence, params string[] arguments)
        {
            CulverinResult result = workshop.Run(arguments).Expect(1);
            Assert.Contains(sentence, result.ErrorOutput, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void APanicIs2AndAnInterruptionGoesOn()
    {
        using var workshop = new Workshop();
        workshop.MakeFailing();
        workshop.Run("trace", "build", "--dir", "f", "--input", "state.bin").Expect(2);
        workshop.Run("trace", "hash", "--dir", "f", "--at", "1").Expect(0);
        workshop.MakeEndless();
        using var program = Culverin.Start(
            workshop.Path, "trace", "build", "--dir", "e", "--input", "state.bin", "--spacing", "1000");
        Assert.True(System.Threading.SpinWait.SpinUntil(
            () => Directory.Exists(workshop.File("e"))
                && Directory.GetFiles(workshop.File("e")).Length > 4,
            TimeSpan.FromSeconds(60)));
        string busy = workshop.Run("trace", "info", "--dir", "e").Expect(1).ErrorOutput;
        Assert.Contains("in use by another process", busy, StringComparison.Ordinal);
        program.Signal(Culverin.SignalInterrupt);
        program.WaitForExit().Expect(130);
        JsonElement info = workshop.Run("trace", "info", "--dir", "e").Expect(0).WholeReport;
        Assert.True(info.GetProperty("lastStep").GetUInt64() > 0);
        Assert.False(info.GetProperty("finished").GetBoolean());
    }

    [Fact]
    public void NativeStatesAreConvertedAndRun()
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.MultiThreaded64V5, "hello");
        workshop.Run("convert", "--input", "state.bin.gz", "--output", "state.culverin").Expect(0);
        workshop.Run(
            "run", "--input", "state.culverin", "--output", "end.culverin", "--snapshot-at", "=100000",
            "--snapshot-fmt", "%d.culverin").Expect(0);
        workshop.Run("run", "--input", "100000.culverin", "--output", "again.bin").Expect(0);
        workshop.Run("convert", "--input", "end.culverin", "--output", "end.bin").Expect(0);
        Assert.Equal(workshop.Bytes("end.bin"), workshop.Bytes("again.bin"));
        JsonElement end = workshop.Run("witness", "--input", "end.culverin").Expect(0).WholeReport;
        Assert.Equal(vector.FinalHash, end.GetProperty("witnessHash").GetString());
    }
}
