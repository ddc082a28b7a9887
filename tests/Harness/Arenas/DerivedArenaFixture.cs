using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Local;
using Xunit;

namespace Culverin.Harness.Tests.Arenas;

/// <summary>One arena whose L2 follows from L1, for all tests of a class.</summary>
public sealed class DerivedArenaFixture : IAsyncLifetime
{
    private ClassicArena? _arena;

    internal static ArenaOptions Options { get; } = ArenaChains.Usual;

    public async Task InitializeAsync()
    {
        if (L2Program.Find() is not null)
        {
            _arena = await ClassicArena.StartAsync(Repository.Packages, Options);
        }
    }

    public async Task DisposeAsync()
    {
        if (_arena is not null)
        {
            await _arena.DisposeAsync();
        }
    }

    /// <summary>The arena at its beginning.</summary>
    internal async Task<ClassicArena> FreshAsync()
    {
        await _arena!.RevertAsync(_arena.Beginning);
        return _arena;
    }
}
