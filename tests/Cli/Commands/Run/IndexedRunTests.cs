using System.Globalization;
using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Cli.Tests.Commands.Run;

/// <summary>
/// op-challenger's calls, one after another, with and without the index that `run` keeps for it: the same
/// files, whatever happens in between.
/// </summary>
public sealed class IndexedRunTests(ITestOutputHelper output)
{
    private const ulong SnapshotSteps = 5_000_000;
    private const int ProofCount = 5;

    [Theory]
    [InlineData(StateVersion.SingleThreaded2)]
    [InlineData(StateVersion.MultiThreaded64V5)]
    public void FilesEqualThoseOfRunsWithoutIndex(StateVersion version)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(version, "preimage");
        var plain = new Game(workshop, vector, "plain", "--trace-disk=0");
        var indexed = new Game(workshop, vector, "indexed");
        ulong[] indexes =
        [
            ulong.MaxValue, 0, vector.Steps - 1, vector.Steps, vector.Steps + 1, SnapshotSteps,
            .. Enumerable.Range(0, ProofCount).Select(_ => (ulong)random.NextInt64((long)vector.Steps)),
            .. vector.Proofs().Where(proof => proof.Bytes("oracle-key") is not null).Take(2)
                .Select(proof => proof.Step),
        ];
        foreach (ulong index in indexes)
        {
            plain.Ask(index).Expect(0);
            indexed.Ask(index).Expect(0);
            Assert.Equal(plain.Files(), indexed.Files());
        }

        Assert.False(Directory.Exists(workshop.File("plain", "culverin-trace")));
        Assert.True(indexed.StartedLater > 0, $"seed {seed}: the index was never used");
    }

    [Fact]
    public void AKilledRunLeavesAnIndexThatGoesOn()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var workshop = new Workshop();
        GuestVector vector = workshop.Load(StateVersion.SingleThreaded2, "preimage");
        var game = new Game(workshop, vector, "game");
        for (int round = 0; round < 3; round++)
        {
            using Culverin program = game.Start(ulong.MaxValue);
            program.Kill(TimeSpan.FromMilliseconds(random.Next(1500)));
        }

        var plain = new Game(workshop, vector, "plain", "--trace-disk=0");
        foreach (ulong index in new[] { ulong.MaxValue, 7_000_000UL, 12UL })
        {
            plain.Ask(index).Expect(0);
            game.Ask(index).Expect(0);
        }

        Assert.Equal(plain.Files(), game.Files());
    }

    [Fact]
    public void AnotherServerOrADamagedIndexSpoilsNothing()
    {
        using var workshop = new Workshop();
        GuestVector good = workshop.Load(StateVersion.SingleThreaded2, "preimage");
        var bad = new GuestVector(StateVersion.SingleThreaded2, "preimage-bad");
        var game = new Game(workshop, good, "game");
        game.Ask(ulong.MaxValue).Expect(0);
        var other = new Game(workshop, bad, "game");
        CulverinResult result = other.Ask(ulong.MaxValue, fromFirst: true).Expect(0);
        Assert.Contains("another state or input", result.ErrorOutput, StringComparison.Ordinal);
        Assert.Equal(
            bad.FinalHash,
            workshop.Run("witness", "--input", "game/final.bin.gz").Expect(0).WholeReport
                .GetProperty("witnessHash").GetString());

        foreach (string file in Directory.GetFiles(workshop.File("game", "culverin-trace")))
        {
            File.WriteAllBytes(file, [1, 2, 3]);
        }

        game.Ask(ulong.MaxValue, fromFirst: true).Expect(0);
        Assert.Equal(
            good.FinalHash,
            workshop.Run("witness", "--input", "game/final.bin.gz").Expect(0).WholeReport
                .GetProperty("witnessHash").GetString());
    }

    [Fact]
    public void AnIndexWhoseListCannotBeWrittenIsDoneWithout()
    {
        using var workshop = new Workshop();
        var game = new Game(workshop, workshop.Load(StateVersion.SingleThreaded2, "preimage"), "game");
        string list = workshop.File("game", "culverin-trace", "files.txt");
        _ = Directory.CreateDirectory(list);
        CulverinResult result = game.Ask(ulong.MaxValue).Expect(0);
        Assert.Contains("Running without the trace index", result.ErrorOutput, StringComparison.Ordinal);
        Directory.Delete(list);
        result = game.Ask(ulong.MaxValue, fromFirst: true).Expect(0);
        Assert.DoesNotContain(
            "Running without the trace index", result.ErrorOutput, StringComparison.Ordinal);
    }

    /// <summary>One game's folder, and the executor's command line in it.</summary>
    private sealed class Game
    {
        private readonly Workshop _workshop;
        private readonly GuestVector _vector;
        private readonly string _folder;
        private readonly string[] _extra;

        public Game(Workshop workshop, GuestVector vector, string name, params string[] extra)
        {
            _workshop = workshop;
            _vector = vector;
            _folder = workshop.File(name);
            _extra = extra;
            foreach (string folder in new[] { "proofs", "snapshots" })
            {
                _ = Directory.CreateDirectory(Path.Combine(_folder, folder));
            }
        }

        /// <summary>Runs that began after the step of their input.</summary>
        public int StartedLater { get; private set; }

        public CulverinResult Ask(ulong index, bool fromFirst = false)
        {
            CulverinResult result = Culverin.Run(_workshop.Path, Arguments(index, fromFirst));
            string? line = result.ErrorOutput.Split('\n').FirstOrDefault(
                text => text.Contains("Starting from the trace index", StringComparison.Ordinal));
            if (line is not null && Number(line, "step=") > Number(line, "input="))
            {
                StartedLater++;
            }

            return result;
        }

        public Culverin Start(ulong index) =>
            Culverin.Start(_workshop.Path, Arguments(index, fromFirst: false));

        /// <summary>Name and uncompressed content of all files that op-challenger reads.</summary>
        public IEnumerable<(string Name, string Content)> Files() =>
            Directory.GetFiles(_folder, "*.gz", SearchOption.AllDirectories)
                .Select(file => (
                    Path.GetRelativePath(_folder, file),
                    Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
                        RepositoryFiles.ReadGzip(file)))))
                .OrderBy(file => file.Item1, StringComparer.Ordinal);

        private static ulong Number(string line, string name)
        {
            string text = line[(line.IndexOf(name, StringComparison.Ordinal) + name.Length)..];
            return ulong.Parse(
                string.Concat(text.TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
        }

        // The executor starts at the last snapshot that is after step 0 and before the step.
        private string[] Arguments(ulong index, bool fromFirst)
        {
            string snapshots = Path.Combine(_folder, "snapshots");
            ulong start = fromFirst
                ? 0
                : Directory.GetFiles(snapshots, "*.bin.gz").Select(path => ulong.Parse(
                        Path.GetFileName(path).Split('.')[0], CultureInfo.InvariantCulture))
                    .Where(step => step < index).Append(0UL).Max();
            string[] stop = index == ulong.MaxValue
                ? []
                : ["--stop-at", string.Create(CultureInfo.InvariantCulture, $"={index + 1}")];
            return
            [
                "run",
                "--input", start == 0 ? "state.bin.gz" : Path.Combine(snapshots, $"{start}.bin.gz"),
                "--output", Path.Combine(_folder, "final.bin.gz"),
                "--meta", "",
                "--info-at", "%10000000",
                "--proof-at", string.Create(CultureInfo.InvariantCulture, $"={index}"),
                "--proof-fmt", Path.Combine(_folder, "proofs", "%d.json.gz"),
                "--snapshot-at", string.Create(CultureInfo.InvariantCulture, $"%{SnapshotSteps}"),
                "--snapshot-fmt", Path.Combine(snapshots, "%d.bin.gz"),
                .. stop,
                .. _extra,
                "--", .. Culverin.Server, _vector.OracleFolder!,
            ];
        }
    }
}
