using Culverin.Harness.Arenas.Steps;
using Culverin.Harness.Local;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.OnChain.Tests;

/// <summary>
/// A fresh chain with the real contract for the tests of one class, for each contract that they ask for.
/// </summary>
public sealed class ArenaFixture : IAsyncLifetime
{
    private readonly Dictionary<DeployedContract, StepArena> _arenas = [];

    /// <summary>The npm packages of the repository.</summary>
    public static NodePackages Packages { get; } =
        new(Path.Combine(RepositoryFiles.Root, "harness", "contracts", "node_modules"));

    /// <summary>The contract's chain, started when it is first asked for.</summary>
    internal async Task<StepArena> ArenaOfAsync(DeployedContract contract)
    {
        if (!_arenas.TryGetValue(contract, out StepArena? arena))
        {
            _arenas[contract] = arena = await contract.StartAsync(Packages);
        }

        return arena;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (StepArena arena in _arenas.Values)
        {
            await arena.DisposeAsync();
        }
    }
}
