using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces;

/// <summary>
/// The output roots that are right above the split: leaf i is the output after block start + 1 + i. After
/// the last block whose data are on L1 the last output stays, and after the claimed block too, unless the
/// contract counts on there (see <see cref="GameRules.CountsPastClaimedBlock"/>).
/// </summary>
public sealed class OutputTrace : ITrace
{
    private readonly IOutputSource _source;
    private readonly Game _game;

    /// <summary>The outputs of a game, from a source that stays the caller's.</summary>
    public OutputTrace(IOutputSource source, Game game)
    {
        _source = source;
        _game = game;
    }

    /// <summary>The L2 block that a leaf is about, before what L1 holds is looked at.</summary>
    public static ulong BlockAt(Game game, UInt128 traceIndex)
    {
        ulong last = game.Rules.CountsPastClaimedBlock ? ulong.MaxValue : game.ClaimedBlock;
        ulong most = last - ulong.Min(game.StartingBlock, last);
        return traceIndex < most ? game.StartingBlock + (ulong)traceIndex + 1 : last;
    }

    /// <summary>The L2 block whose output is right for a leaf.</summary>
    public async Task<ulong> RightBlockAtAsync(UInt128 traceIndex, CancellationToken cancellation = default)
    {
        ulong last = await _source.LastBlockAsync(_game.L1Head, cancellation).ConfigureAwait(false);
        return last < _game.StartingBlock
            ? throw new ChainException(
                ChainFailure.BadAnswer,
                $"The L2's data on L1 seem to end at block {last}, before block {_game.StartingBlock} where "
                    + "the game begins.")
            : ulong.Min(BlockAt(_game, traceIndex), last);
    }

    /// <inheritdoc/>
    public async Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default)
    {
        ulong block = await RightBlockAtAsync(traceIndex, cancellation).ConfigureAwait(false);
        return await _source.OutputAtAsync(block, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// The output after the very block that the game is about; null when its data are not on L1, so that
    /// nothing can be claimed for it.
    /// </summary>
    public async Task<Bytes32?> FindProposedOutputAsync(CancellationToken cancellation = default)
    {
        ulong last = await _source.LastBlockAsync(_game.L1Head, cancellation).ConfigureAwait(false);
        return _game.ClaimedBlock > last
            ? null
            : await _source.OutputAtAsync(_game.ClaimedBlock, cancellation).ConfigureAwait(false);
    }

    /// <summary>What shows everyone which block the right output of a leaf is about.</summary>
    public async Task<OutputEvidence> EvidenceAtAsync(
        UInt128 traceIndex, CancellationToken cancellation = default)
    {
        ulong block = await RightBlockAtAsync(traceIndex, cancellation).ConfigureAwait(false);
        return await _source.EvidenceAtAsync(block, cancellation).ConfigureAwait(false);
    }
}
