using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Scenarios;

/// <summary>
/// Arenas that are used again for scenarios with equal parameters, since one takes longer to start than most
/// scenarios take. May be used from several threads at once.
/// </summary>
internal sealed class ArenaPool(NodePackages packages, int idleCountMax) : IAsyncDisposable
{
    // The longest idle one is the first.
    private readonly List<ClassicArena> _idle = [];

    /// <summary>
    /// An arena with these parameters at its beginning, for the caller alone until it is returned. Throws
    /// <see cref="ChainException"/> when none can be started.
    /// </summary>
    public async Task<ClassicArena> TakeAsync(ArenaOptions options, CancellationToken cancellation)
    {
        ClassicArena? arena = null;
        lock (_idle)
        {
            arena = _idle.LastOrDefault(each => each.Options == options);
            _ = arena is not null && _idle.Remove(arena);
        }

        if (arena is null)
        {
            return await ClassicArena.StartAsync(packages, options, cancellation).ConfigureAwait(false);
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
    public async Task ReturnAsync(ClassicArena arena)
    {
        // Going back in time changes what the chains hold, not how their nodes work.
        await arena.L1.SetAutomineAsync(true).ConfigureAwait(false);
        await arena.L2.SetAutomineAsync(true).ConfigureAwait(false);
        await arena.L1.SetBlockIntervalAsync(arena.Options.L1BlockSeconds).ConfigureAwait(false);
        await arena.L2.SetBlockIntervalAsync(arena.Options.L2BlockSeconds).ConfigureAwait(false);
        ClassicArena? surplus = null;
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
        foreach (ClassicArena arena in _idle)
        {
            await arena.DisposeAsync().ConfigureAwait(false);
        }

        _idle.Clear();
    }
}
