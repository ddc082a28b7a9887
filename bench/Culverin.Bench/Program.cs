using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Culverin.Tests.Shared;
using Culverin.Versions;

namespace Culverin.Bench;

/// <summary>Measures and writes bench/RESULTS.md; ./build.sh bench calls it.</summary>
internal static class Program
{
    private static readonly Type[] Suites =
        [typeof(KeccakBenchmarks), typeof(TreeBenchmarks), typeof(MachineBenchmarks), typeof(LoadBenchmarks)];

    private static int Main(string[] arguments)
    {
        var peer = new Option<string?>("--peer")
        {
            Description = "reference executable of state version 2 to set beside ours",
        };
        var peer64 = new Option<string?>("--peer-64")
        {
            Description = "reference executable of state version 8 to set beside ours",
        };
        var ours = new Option<string>("--culverin")
        {
            Description = "our native executable",
            DefaultValueFactory = _ => Path.Combine(RepositoryFiles.Root, "artifacts", "culverin"),
        };
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 3 };
        var only = new Option<string>("--only")
        {
            Description = "macro, guests, micro or all",
            DefaultValueFactory = _ => "all",
        };
        var gate = new Option<bool>("--gate")
        {
            Description = "fail if a guest's ratio is below its floor in bench/expected.json",
        };
        var root = new RootCommand("Measures Culverin.") { peer, peer64, ours, rounds, only, gate };
        root.SetAction(parsed =>
        {
            string chosen = parsed.GetValue(only)!;
            string executable = Path.GetFullPath(parsed.GetValue(ours)!);
            string? narrow = parsed.GetValue(peer);
            string? wide = parsed.GetValue(peer64);
            int count = parsed.GetValue(rounds);
            IReadOnlyList<MacroResult> macro = chosen is "macro" or "all"
                ? [
                    .. new MacroBenchmark(StateVersion.SingleThreaded2, executable, narrow, count).Run(),
                    .. new MacroBenchmark(StateVersion.MultiThreaded64V5, executable, wide, count).Run(),
                ]
                : [];
            IReadOnlyList<GuestSpeed> guests = chosen is "guests" or "all"
                ? new GuestBenchmark(executable, narrow, wide, count).Run()
                : [];
            IReadOnlyList<Summary> micro = chosen is "micro" or "all" ? RunMicro() : [];
            string folder = Path.Combine(RepositoryFiles.Root, "bench");
            string path = Path.Combine(folder, "RESULTS.md");
            Report.Write(path, micro, macro, guests);
            if (SpeedPlot.Draw(guests) is { } plot)
            {
                File.WriteAllText(Path.Combine(folder, "RESULTS.svg"), plot);
            }

            Console.Write(File.ReadAllText(path));
            return parsed.GetValue(gate) ? CheckFloors(Path.Combine(folder, "expected.json"), guests) : 0;
        });
        return root.Parse(arguments).Invoke();
    }

    private static int CheckFloors(string path, IReadOnlyList<GuestSpeed> guests)
    {
        IReadOnlyList<string> failures = SpeedFloors.Check(path, guests);
        foreach (string failure in failures)
        {
            Console.Error.WriteLine(failure);
        }

        return failures.Count == 0 ? 0 : 1;
    }

    // In process: the suites share one build with the engine, and no project has to be restored on the side.
    private static List<Summary> RunMicro()
    {
        IConfig config = ManualConfig.CreateMinimumViable()
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.Combine(RepositoryFiles.Root, "artifacts", "bench"))
            .AddLogger(NullLogger.Instance);
        List<Summary> summaries = [];
        foreach (Type suite in Suites)
        {
            summaries.Add(BenchmarkRunner.Run(suite, config));
        }

        return summaries;
    }
}
