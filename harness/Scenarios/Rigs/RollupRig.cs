using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>A scenario's L2, as far as disputes need it: blocks, and their data on L1.</summary>
public sealed class RollupRig
{
    private readonly IArena _arena;
    private readonly CancellationToken _cancellation;

    /// <summary>Uses the arena of a run.</summary>
    public RollupRig(ScenarioRun run)
    {
        _arena = run.Arena;
        _cancellation = run.Cancellation;
        Config = _arena.RollupConfig();
    }

    /// <summary>What those who follow the L2 agree on.</summary>
    public RollupConfig Config { get; }

    /// <summary>
    /// Makes empty L2 blocks up to a number, and posts those that are not on L1 yet up to another; both
    /// count from 0. What is not posted is no part of the L2 in the eyes of the fault-proof program.
    /// </summary>
    public async Task MakeBlocksAsync(ulong lastNumber, ulong? postedNumber = null)
    {
        ulong newest = await _arena.L2.Node.GetBlockNumberAsync(_cancellation).ConfigureAwait(false);
        if (newest < lastNumber)
        {
            await _arena.L2.MineAsync((int)(lastNumber - newest), _cancellation).ConfigureAwait(false);
        }

        Batcher batcher = new(
            _arena.L1.Node, _arena.L2.Node, _arena.OnL1(_arena.Accounts.Batcher), Config);
        _ = await batcher.PostAsync(postedNumber ?? lastNumber, _cancellation).ConfigureAwait(false);
    }

    /// <summary>The right output root after an L2 block.</summary>
    public async Task<Bytes32> OutputAsync(ulong number) =>
        (await OutputRoot.ReadAsync(_arena.L2.Node, number, _cancellation).ConfigureAwait(false)).Hash;

    /// <summary>Right output roots from both nodes.</summary>
    public IOutputSource Outputs() =>
        new NodeOutputSource(_arena.L1.Node, _arena.L2.Node, Config, _arena.AnchorBlock);
}
