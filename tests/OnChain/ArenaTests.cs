using System.Diagnostics;
using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Local;
using Culverin.Harness.Values;
using Culverin.Tests.Shared;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.OnChain.Tests;

/// <summary>How the modern arena comes about.</summary>
public sealed class ArenaTests(ITestOutputHelper output)
{
    [Fact]
    public async Task It_makes_its_genesis_file_once()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-packages-");
        try
        {
            // The packages themselves, with an empty cache beside them.
            string packages = Path.Combine(RepositoryFiles.Root, "harness", "contracts", "node_modules");
            foreach (string package in Directory.GetDirectories(packages)
                .Where(path => !Path.GetFileName(path).StartsWith('.')))
            {
                string link = Path.Combine(folder.FullName, Path.GetFileName(package));
                _ = Directory.CreateSymbolicLink(link, package);
            }

            NodePackages fresh = new(folder.FullName);
            Address first = await StartAsync(fresh);
            string file = Assert.Single(Directory.GetFiles(fresh.CacheFolder));
            DateTime made = File.GetLastWriteTimeUtc(file);
            Assert.Equal(first, await StartAsync(fresh));
            Assert.Equal(file, Assert.Single(Directory.GetFiles(fresh.CacheFolder)));
            Assert.Equal(made, File.GetLastWriteTimeUtc(file));

            File.WriteAllText(file, "{}");
            ChainException error = await Assert.ThrowsAsync<ChainException>(() => StartAsync(fresh));
            Assert.Equal(ChainFailure.Artifact, error.Failure);
            File.WriteAllText(
                file,
                """{"config":{"chainId":900},"difficulty":"0x0","gasLimit":"0x0","alloc":{}}""");
            error = await Assert.ThrowsAsync<ChainException>(() => StartAsync(fresh));
            Assert.Contains("0 virtual machines", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<Address> StartAsync(NodePackages packages)
    {
        Stopwatch watch = Stopwatch.StartNew();
        await using StepArena arena = await StepArena.StartModernAsync(packages);
        output.WriteLine($"{watch.Elapsed.TotalMilliseconds:F0} ms");
        return arena.Mips;
    }
}
