using Culverin.Harness.Arenas.Steps;
using Xunit;

namespace Culverin.Harness.Tests.Arenas.Steps;

/// <summary>One chain with the contracts for all tests of a class.</summary>
public sealed class StepArenaFixture : IAsyncLifetime
{
    private StepArena? _arena;

    public StepArena Arena => _arena!;

    public async Task InitializeAsync() => _arena = await StepArena.StartAsync(Repository.Packages);

    public Task DisposeAsync() => _arena!.DisposeAsync().AsTask();
}
