using System.Globalization;
using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Commands.Run;

/// <summary>Plays op-challenger's executor: its command lines, its files, its conclusions.</summary>
public sealed class ChallengerTests
{
    private static readonly string[] DebugInfoFields =
    [
        "memory_used", "total_steps", "instruction_cache_miss_count", "rmw_success_count", "rmw_fail_count",
        "max_steps_between_ll_and_sc", "reservation_invalidation_count", "forced_preemption_count",
        "idle_step_count_thread_0",
    ];

    [Theory]
    [InlineData(StateVersion.SingleThreaded)]
    [InlineData(StateVersion.SingleThreaded2)]
    public void ItGetsItsProofsSnapshotsAndExtension(StateVersion version)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, "preimage");
        File.Delete(workshop.File("meta.json"));
        foreach (string folder in new[] { "proofs", "snapshots", "preimages" })
        {
            Directory.CreateDirectory(workshop.File("game", folder));
        }

        string prestate = workshop.File("state.bin.gz");
        Execute(workshop, vector, prestate, ulong.MaxValue);
        Assert.Equal(
            ["0.bin.gz", "10000000.bin.gz", "15000000.bin.gz", "5000000.bin.gz"],
            Directory.GetFiles(workshop.File("game", "snapshots")).Select(Path.GetFileName).Order());
        AssertExtended(workshop, vector);

        RecordedProof read = vector.Proofs().Last(proof => proof.Bytes("oracle-key") is not null);
        AssertProof(workshop, vector, vector.Proofs()[0]);
        AssertProof(workshop, vector, read);
        AssertProof(workshop, vector, vector.Proofs()[^1]);
        AssertDebugInfo(workshop, vector);
    }

    [Fact]
    public void APanicOfTheVmIsTold()
    {
        using var workshop = new Workshop();
        workshop.MakeFailing();
        CulverinResult result = Culverin.Run(
            workshop.Path, "run", "--input", workshop.File("state.bin"),
            "--output", workshop.File("final.bin.gz"), "--meta", "", "--info-at", "%10000000",
            "--proof-at", "=100", "--proof-fmt", workshop.File("%d.json.gz"),
            "--snapshot-at", "%1000000000", "--snapshot-fmt",
            workshop.File("snap-%d.bin.gz"), "--stop-at", "=101");
        result.Expect(2);
        Assert.DoesNotContain("final.bin.gz", workshop.FileNames);
    }

    /// <summary>The executor's command line, word for word, with a smaller snapshot frequency.</summary>
    private static void Execute(Workshop workshop, GuestVector vector, string start, ulong index)
    {
        string folder = workshop.File("game");
        string[] stop = index == ulong.MaxValue
            ? []
            : ["--stop-at", string.Create(CultureInfo.InvariantCulture, $"={index + 1}")];
        string[] flags =
        [
            "run",
            "--input", start,
            "--output", Path.Combine(folder, "final.bin.gz"),
            "--meta", "",
            "--info-at", "%10000000",
            "--proof-at", string.Create(CultureInfo.InvariantCulture, $"={index}"),
            "--proof-fmt", Path.Combine(folder, "proofs", "%d.json.gz"),
            "--snapshot-at", "%5000000",
            "--snapshot-fmt", Path.Combine(folder, "snapshots", "%d.bin.gz"),
            .. stop,
            "--debug-info", Path.Combine(folder, "preimages", "debug-info.json"),
            "--", .. Culverin.Server, vector.OracleFolder!,
        ];
        workshop.Run(flags).Expect(0);
    }

    private static void AssertExtended(Workshop workshop, GuestVector vector)
    {
        Assert.Empty(Directory.GetFiles(workshop.File("game", "proofs")));
        JsonElement witness =
            workshop.Run("witness", "--input", workshop.File("game", "final.bin.gz")).Expect(0).WholeReport;
        Assert.True(witness.GetProperty("exited").GetBoolean());
        Assert.Equal(vector.Steps, witness.GetProperty("step").GetUInt64());
        Assert.Equal(vector.FinalHash, witness.GetProperty("witnessHash").GetString());
        Assert.StartsWith("0x", witness.GetProperty("witness").GetString(), StringComparison.Ordinal);
    }

    private static void AssertProof(Workshop workshop, GuestVector vector, RecordedProof recorded)
    {
        // The executor starts at the last snapshot that is after step 0 and before the step.
        ulong snapshot = Directory.GetFiles(workshop.File("game", "snapshots"))
            .Select(path => ulong.Parse(Path.GetFileName(path).Split('.')[0], CultureInfo.InvariantCulture))
            .Where(step => step < recorded.Step)
            .Append(0UL)
            .Max();
        string start = snapshot == 0
            ? workshop.File("state.bin.gz")
            : workshop.File("game", "snapshots", $"{snapshot}.bin.gz");
        Execute(workshop, vector, start, recorded.Step);
        string file = workshop.File(
            "game", "proofs", recorded.Step.ToString(CultureInfo.InvariantCulture) + ".json.gz");
        JsonElement proof = JsonDocument.Parse(RepositoryFiles.ReadGzip(file)).RootElement;
        foreach (string field in new[] { "post", "state-data", "proof-data", "oracle-key", "oracle-value" })
        {
            Assert.Equal(
                recorded.Proof.TryGetProperty(field, out JsonElement expected),
                proof.TryGetProperty(field, out JsonElement actual));
            Assert.Equal(expected.ToString(), actual.ToString());
        }

        Assert.Equal(recorded.Number("oracle-offset"), new RecordedProof("", proof).Number("oracle-offset"));
    }

    private static void AssertDebugInfo(Workshop workshop, GuestVector vector)
    {
        string text = File.ReadAllText(workshop.File("game", "preimages", "debug-info.json"));
        JsonElement info = JsonDocument.Parse(text).RootElement;
        Assert.All(DebugInfoFields, field => Assert.True(info.TryGetProperty(field, out _), field));
        Assert.Equal(vector.Steps, info.GetProperty("total_steps").GetUInt64());
    }
}
