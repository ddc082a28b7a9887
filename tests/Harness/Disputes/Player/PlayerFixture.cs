using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// One arena with games about the alphabet for all tests of a class. The depth is even: the challenger
/// steps.
/// </summary>
public sealed class PlayerFixture : IAsyncLifetime
{
    internal const int MaxDepth = 6;
    internal const int Letter = 96;

    private ClassicArena? _arena;

    public async Task InitializeAsync() => _arena = await ClassicArena.StartAsync(
        Repository.Packages,
        new ArenaOptions
        {
            Machine = ArenaMachine.Alphabet,
            MaxGameDepth = MaxDepth,
            AbsolutePrestate = AlphabetTrace.PrestateHash(Letter),
        });

    public Task DisposeAsync() => _arena!.DisposeAsync().AsTask();

    /// <summary>The arena as it was when it was ready.</summary>
    internal async Task<ClassicArena> FreshAsync()
    {
        await _arena!.RevertAsync(_arena.Beginning);
        return _arena;
    }
}
