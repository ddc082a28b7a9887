using Culverin.Harness.Rollup;

namespace Culverin.Harness.Arenas;

/// <summary>An arena's L2 as those see it who follow it.</summary>
public static class ArenaRollup
{
    /// <summary>
    /// What the sequencer, the batcher, the proposer and whoever checks them must agree on. The L2's first
    /// block belongs to the L1's first.
    /// </summary>
    public static RollupConfig RollupConfig(this IArena arena) => new()
    {
        L2ChainId = arena.Options.L2ChainId,
        Batcher = arena.Accounts.Batcher.Address,
        Portal = arena.Contracts.Portal.Address,
        L1StartNumber = 0,
        BlockSeconds = (ulong)arena.Options.L2BlockSeconds,
    };
}
