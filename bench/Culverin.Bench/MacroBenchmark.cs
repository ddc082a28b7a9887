using Culverin.Tests.Shared;
using Culverin.Versions;

namespace Culverin.Bench;

/// <summary>One row of the whole-process table.</summary>
/// <param name="What">What was done.</param>
/// <param name="Steps">Guest steps in it; 0 where that is not the point.</param>
/// <param name="OursSeconds">Median wall time of our executable.</param>
/// <param name="PeerSeconds">Median wall time of the other; null without one.</param>
internal sealed record MacroResult(string What, ulong Steps, double OursSeconds, double? PeerSeconds);

/// <summary>
/// Whole processes of the native executable in one state version, and of a reference binary beside it, in
/// turn, so that both see the same machine. Both get the same command lines.
/// </summary>
internal sealed class MacroBenchmark(StateVersion version, string ours, string? peer, int rounds)
{
    private const ulong LateStep = 300_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("culverin-bench").FullName;

    /// <summary>Runs all cases.</summary>
    public IReadOnlyList<MacroResult> Run()
    {
        try
        {
            List<MacroResult> results = [];
            var sieve = new GuestVector(version, "sieve");
            var hello = new GuestVector(version, "hello");
            string sieveState = Prepare(sieve);
            string helloState = Prepare(hello);
            string[] load = LoadArguments(hello, "loaded.bin.gz");
            results.Add(Compare("load-elf of a Go program (hello)", 0, load));
            results.Add(Compare("run a small Go program (hello)", hello.Steps, RunArguments(helloState)));
            results.Add(Compare("run a C program (sieve)", sieve.Steps, RunArguments(sieveState)));
            results.Add(Compare(
                $"run to step {LateStep:N0}",
                LateStep,
                RunArguments(sieveState, "--stop-at", $"={LateStep + 1}")));
            results.Add(Compare(
                $"run to step {LateStep:N0} and prove it",
                LateStep,
                RunArguments(sieveState, "--proof-at", $"={LateStep}", "--stop-at", $"={LateStep + 1}")));
            return results;
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static string[] RunArguments(string state, params string[] more) =>
        [
            "run", "--input", state, "--output", "out.bin.gz", "--meta", "",
            "--info-at", "%10000000000", .. more,
        ];

    private string Prepare(GuestVector vector)
    {
        string state = $"{vector.Guest}.bin.gz";
        _ = ProcessRun.Time(ours, LoadArguments(vector, state), _folder);
        return state;
    }

    private string[] LoadArguments(GuestVector vector, string state)
    {
        string elf = Path.Combine(_folder, $"{vector.Guest}.elf");
        if (!File.Exists(elf))
        {
            File.WriteAllBytes(elf, RepositoryFiles.ReadGzip(vector.ElfPath));
        }

        string type = FeatureSet.Of(version).Name;
        return ["load-elf", "--type", type, "--path", elf, "--out", state, "--meta", ""];
    }

    private MacroResult Compare(string what, ulong steps, string[] arguments)
    {
        string row = $"version {(byte)version}: {what}";
        Console.WriteLine($"  {row}");
        List<double> oursSeconds = [];
        List<double> peerSeconds = [];
        for (int round = 0; round < rounds; round++)
        {
            oursSeconds.Add(ProcessRun.Time(ours, arguments, _folder).TotalSeconds);
            if (peer is not null)
            {
                peerSeconds.Add(ProcessRun.Time(peer, arguments, _folder).TotalSeconds);
            }
        }

        return new MacroResult(
            row,
            steps,
            ProcessRun.Median(oursSeconds),
            peerSeconds.Count > 0 ? ProcessRun.Median(peerSeconds) : null);
    }
}
