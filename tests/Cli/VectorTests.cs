using System.Globalization;
using System.Text;
using System.Text.Json;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests;

/// <summary>What the reference recorded, made again by the program.</summary>
public sealed class VectorTests
{
    private const int ProofsWhenSlow = 3;
    private const ulong ManySteps = 100_000_000;

    /// <summary>
    /// All guests of all versions, but the one of a billion steps only where it is run in production or on
    /// chain: the engine's own tests run it in every version.
    /// </summary>
    public static TheoryData<StateVersion, string> Guests()
    {
        var rows = new TheoryData<StateVersion, string>();
        foreach (FeatureSet features in FeatureSet.All)
        {
            bool runsLong = features.Version
                is StateVersion.SingleThreaded
                or StateVersion.SingleThreaded2
                or StateVersion.MultiThreaded64V5;
            foreach (string guest in GuestVector.GuestsOf(features.Version))
            {
                if (runsLong || guest != "sieve")
                {
                    rows.Add(features.Version, guest);
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void HashesAndSummaryEqualTheVectors(StateVersion version, string guest)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, guest);
        (ulong Step, string Hash)[] hashes = [.. vector.Hashes().OrderBy(pair => pair.Step).Distinct()];
        string pattern = string.Join(',', hashes.Select(pair => $"={pair.Step}"));
        string[] command = ["run", "--input", "state.bin.gz", "--hash-at", pattern, .. OracleFlags(vector)];

        int exitCode = vector.PanicStep is null ? ExitCodes.Success : ExitCodes.GuestPanic;
        string lines = workshop.Run([.. command, "--output="]).Expect(exitCode).Output;
        Assert.Equal(string.Concat(hashes.Select(pair => $"{pair.Step} {pair.Hash}\n")), lines);
        if (vector.PanicStep is not null)
        {
            return;
        }

        CulverinResult result = workshop.Run([.. command, "--json"]).Expect(0);
        Assert.Equal(
            hashes.Select(pair => pair.Hash),
            result.Reports.SkipLast(1).Select(report => report.GetProperty("stateHash").GetString()));
        JsonElement summary = result.LastReport;
        Assert.Equal("exited", summary.GetProperty("outcome").GetString());
        Assert.Equal(vector.Steps, summary.GetProperty("step").GetUInt64());
        Assert.Equal(vector.ExitCode, summary.GetProperty("exitCode").GetByte());
        Assert.Equal(vector.FinalHash, summary.GetProperty("stateHash").GetString());
        Assert.Equal(GuestText(vector), LoggedText(result.ErrorOutput));
        JsonElement witness = workshop.Run("witness", "--input", "out.bin.gz").Expect(0).WholeReport;
        Assert.Equal(vector.FinalHash, witness.GetProperty("witnessHash").GetString());
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void AFreshProcessWritesTheRecordedProof(StateVersion version, string guest)
    {
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, guest);
        foreach (RecordedProof recorded in Choose(vector))
        {
            string step = recorded.Step.ToString(CultureInfo.InvariantCulture);
            string[] flags =
            [
                "--input", "state.bin.gz", "--output=", "--proof-at", $"={step}",
                "--stop-at", $"={recorded.Step + 1}", "--proof-fmt", "%d.json", .. OracleFlags(vector),
            ];
            workshop.Run(["run", .. flags]).Expect(0);
            Assert.Equal(AsTheReferenceWrites(recorded.Proof), workshop.Text(step + ".json"));
        }
    }

    private static string[] OracleFlags(GuestVector vector) =>
        vector.OracleFolder is { } folder ? ["--oracle-dir", folder] : [];

    /// <summary>All of them if a process for each costs little, else a few from everywhere.</summary>
    private static IEnumerable<RecordedProof> Choose(GuestVector vector)
    {
        IReadOnlyList<RecordedProof> proofs = vector.Proofs();
        bool isQuick = Culverin.IsNative && vector.Steps < ManySteps;
        int stride = isQuick ? 1 : Math.Max(1, proofs.Count / ProofsWhenSlow);
        return proofs.Where((_, index) => index % stride == 0);
    }

    private static string AsTheReferenceWrites(JsonElement proof)
    {
        string[] names =
        [
            "step", "pre", "post", "state-data", "proof-data", "oracle-key", "oracle-value", "oracle-offset",
        ];
        IEnumerable<string> members = names.Where(name => proof.TryGetProperty(name, out _))
            .Select(name => $"  \"{name}\": {proof.GetProperty(name).GetRawText()}");
        return "{\n" + string.Join(",\n", members) + "\n}\n\n";
    }

    private static string GuestText(GuestVector vector) => vector.StandardOutput + "|" + vector.StandardError;

    private static string LoggedText(string log)
    {
        var texts = new Dictionary<string, StringBuilder> { ["stdout"] = new(), ["stderr"] = new() };
        foreach (string line in log.Split('\n'))
        {
            if (!line.Contains("module=guest", StringComparison.Ordinal))
            {
                continue;
            }

            int text = line.IndexOf(" text=", StringComparison.Ordinal);
            Assert.True(text > 0, line);
            string value = line[(text + " text=".Length)..];
            string stream = line.Contains("stream=stdout", StringComparison.Ordinal) ? "stdout" : "stderr";
            texts[stream].Append(value[0] == '"' ? JsonSerializer.Deserialize<string>(value) : value);
        }

        return $"{texts["stdout"]}|{texts["stderr"]}";
    }
}
