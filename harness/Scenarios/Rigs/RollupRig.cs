using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// A scenario's L2, as far as disputes need it: the sequencer's blocks, their data on L1, and a node that
/// knows L1 only.
/// </summary>
public sealed class RollupRig
{
    private readonly IArena _arena;
    private readonly CancellationToken _cancellation;
    private L2Node? _verifier;

    /// <summary>Uses the arena of a run, whose L2 must be one that follows from L1.</summary>
    public RollupRig(ScenarioRun run)
    {
        _arena = run.Arena;
        _cancellation = run.Cancellation;
        L2 = (DerivedL2)_arena.L2;
    }

    /// <summary>The L2 with its sequencer, who knows also what is not on L1.</summary>
    public DerivedL2 L2 { get; }

    /// <summary>
    /// The node that derives the L2 from L1; there once <see cref="MakeBlocksAsync"/> or <see
    /// cref="FollowAsync"/> was called.
    /// </summary>
    public L2Node Verifier =>
        _verifier ?? throw new InvalidOperationException("Nothing has been made that could be derived.");

    /// <summary>Has the sequencer make blocks up to a number, which counts from 0.</summary>
    public async Task MineToAsync(ulong lastNumber)
    {
        ulong newest = await L2.Node.GetBlockNumberAsync(_cancellation).ConfigureAwait(false);
        if (newest < lastNumber)
        {
            await L2.MineAsync((int)(lastNumber - newest), _cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Makes L2 blocks up to a number, and posts those that are not on L1 yet up to another; both count from
    /// 0. What is not posted is no part of the L2 in the eyes of the fault-proof program.
    /// </summary>
    public async Task MakeBlocksAsync(ulong lastNumber, ulong? postedNumber = null, bool inBlobs = false)
    {
        await MineToAsync(lastNumber).ConfigureAwait(false);
        await L2
            .PostAsync(_arena.Accounts.Batcher, postedNumber ?? lastNumber, inBlobs, _cancellation)
            .ConfigureAwait(false);
        await FollowAsync().ConfigureAwait(false);
    }

    /// <summary>Lets the node that knows L1 only read what there is.</summary>
    public async Task FollowAsync() =>
        _verifier = await L2.VerifierAsync(_cancellation).ConfigureAwait(false);

    /// <summary>The sequencer's output root after an L2 block.</summary>
    public async Task<Bytes32> OutputAsync(ulong number) =>
        (await OutputRoot.ReadAsync(L2.Node, number, _cancellation).ConfigureAwait(false)).Hash;

    /// <summary>Right output roots, from L1 alone.</summary>
    public IOutputSource Outputs() => new SafeOutputs(
        _arena.L1.Node, Verifier, _arena.Options.L2ChainId, _arena.AnchorBlock);
}
