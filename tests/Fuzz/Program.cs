using System.CommandLine;
using Culverin.Tests.Shared;

namespace Culverin.Fuzz;

/// <summary>Runs random programs on all engines for hours; ./build.sh fuzz calls it.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var minutes = new Option<double?>("--minutes") { Description = "how long; 1 without --cases" };
        var cases = new Option<int?>("--cases") { Description = "how many cases" };
        var seed = new Option<int?>("--seed") { Description = "the first case's seed; random if not given" };
        var version = new Option<int?>("--version") { Description = "one state version, 0 to 8; else all" };
        var root = new Command("fuzz", "Compares the engines on random programs; exit code 1 if they differ.")
        {
            minutes, cases, seed, version,
        };
        root.SetAction(parsed =>
        {
            int? count = parsed.GetValue(cases);
            double? time = parsed.GetValue(minutes) ?? (count is null ? 1 : null);
            string artifacts = Path.Combine(RepositoryFiles.Root, "artifacts");
            _ = Directory.CreateDirectory(artifacts);
            var search = new Search
            {
                UnderWayPath = Path.Combine(artifacts, "fuzz-under-way.txt"),
                FirstSeed = parsed.GetValue(seed) ?? (Environment.TickCount & 0x3FFF_FFFF),
                Version = parsed.GetValue(version),
                CaseCount = count ?? int.MaxValue,
                Duration = time is { } given ? TimeSpan.FromMinutes(given) : TimeSpan.MaxValue,
            };
            return search.Run(Console.Out) ? 1 : 0;
        });
        return root.Parse(arguments).Invoke();
    }
}
