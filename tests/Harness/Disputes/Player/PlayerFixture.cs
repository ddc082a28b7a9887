using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// One arena with games about the alphabet for all tests of a class. The depth is even: the challenger
/// steps.
/// </summary>
public class PlayerFixture : IAsyncLifetime
{
    internal const int MaxDepth = 6;
    internal const int Letter = 96;

    private ClassicArena? _arena;

    /// <summary>What the arena is, besides its games; null where it cannot be started.</summary>
    private protected virtual ArenaOptions? Chains { get; } = new();

    public async Task InitializeAsync()
    {
        if (Chains is { } chains)
        {
            _arena = await ClassicArena.StartAsync(
                Repository.Packages,
                chains with
                {
                    Machine = ArenaMachine.Alphabet,
                    MaxGameDepth = MaxDepth,
                    AbsolutePrestate = AlphabetTrace.PrestateHash(Letter),
                });
        }
    }

    public async Task DisposeAsync()
    {
        if (_arena is not null)
        {
            await _arena.DisposeAsync();
        }
    }

    /// <summary>The arena as it was when it was ready.</summary>
    internal async Task<ClassicArena> FreshAsync()
    {
        await _arena!.RevertAsync(_arena.Beginning);
        return _arena;
    }
}
