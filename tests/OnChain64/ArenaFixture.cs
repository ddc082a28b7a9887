using System.IO;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.OnChain64.Tests;

/// <summary>A fresh chain with the real 64-bit contracts for the tests of one class.</summary>
public sealed class ArenaFixture : IAsyncLifetime
{
    private StepArena? _arena;

    /// <summary>The npm packages of the repository.</summary>
    public static NodePackages Packages { get; } =
        new(Path.Combine(RepositoryFiles.Root, "harness", "contracts", "node_modules"));

    /// <summary>The chain.</summary>
    public StepArena Arena => _arena!;

    public async Task InitializeAsync() => _arena = await StepArena.StartModernAsync(Packages);

    public Task DisposeAsync() => _arena!.DisposeAsync().AsTask();
}
