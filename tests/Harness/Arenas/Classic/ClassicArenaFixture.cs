using Culverin.Harness.Arenas.Classic;
using Xunit;

namespace Culverin.Harness.Tests.Arenas.Classic;

/// <summary>One classic arena for all tests of a class, each from its beginning.</summary>
public sealed class ClassicArenaFixture : IAsyncLifetime
{
    private ClassicArena? _arena;

    public async Task InitializeAsync() => _arena = await ClassicArena.StartAsync(Repository.Packages);

    public Task DisposeAsync() => _arena!.DisposeAsync().AsTask();

    /// <summary>The arena as it was when it was ready.</summary>
    internal async Task<ClassicArena> FreshAsync()
    {
        await _arena!.RevertAsync(_arena.Beginning);
        return _arena;
    }
}
