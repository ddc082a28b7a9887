using Culverin.Harness.Arenas;
using Culverin.Harness.Local;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Run;

/// <summary>
/// Arenas that are used again for scenarios with equal parameters, since one takes longer to start than most
/// scenarios take. May be used from several threads at once.
/// </summary>
/// <param name="starter">Starts what is not there yet.</param>
/// <param name="packages">Where the local nodes and the contracts are.</param>
/// <param name="idleCountMax">The most arenas that are kept for later.</param>
internal sealed class ArenaPool(IArenaStarter starter, NodePackages packages, int idleCountMax)
    : IAsyncDisposable
{
    // The longest idle one is the first.
    private readonly List<IArena> _idle = [];

    /// <summary>
    /// An arena with these parameters at its beginning, for the caller alone until it is returned. Throws
    /// <see cref="ChainException"/> when none can be started.
    /// </summary>
    public async Task<IArena> TakeAsync(ArenaOptions options, CancellationToken cancellation)
    {
        IArena? arena = null;
        lock (_idle)
        {
            arena = _idle.LastOrDefault(each => each.Options == options);
            _ = arena is not null && _idle.Remove(arena);
        }

        if (arena is null)
        {
            return await starter.StartAsync(packages, options, cancellation).ConfigureAwait(false);
        }

        try
        {
            await arena.RevertAsync(arena.Beginning, cancellation).ConfigureAwait(false);
            return arena;
        }
        catch
        {
            await arena.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Takes back an arena that still works as it did; others are the caller's to end.</summary>
    public async Task ReturnAsync(IArena arena)
    {
        // Going back in time changes what the chains hold, not how their nodes work.
        await arena.L1.SetAutomineAsync(true).ConfigureAwait(false);
        await arena.L1.SetBlockIntervalAsync(arena.Options.L1BlockSeconds).ConfigureAwait(false);
        if (arena.L2 is Anvil l2)
        {
            await l2.SetAutomineAsync(true).ConfigureAwait(false);
            await l2.SetBlockIntervalAsync(arena.Options.L2BlockSeconds).ConfigureAwait(false);
        }

        IArena? surplus = null;
        lock (_idle)
        {
            _idle.Add(arena);
            if (_idle.Count > idleCountMax)
            {
                surplus = _idle[0];
                _idle.RemoveAt(0);
            }
        }

        if (surplus is not null)
        {
            await surplus.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends all that are not in use.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (IArena arena in _idle)
        {
            await arena.DisposeAsync().ConfigureAwait(false);
        }

        _idle.Clear();
    }
}
