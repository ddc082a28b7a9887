using System;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>
/// The output roots that are right above the split: leaf i is the output after block start + 1 + i. After
/// the claimed block, and after the last block whose data are on L1, the last output stays.
/// </summary>
public sealed class OutputTrace : ITrace
{
    private readonly IOutputSource _source;
    private readonly ulong _startingBlock;
    private readonly ulong _claimedBlock;
    private readonly Bytes32 _l1Head;

    /// <summary>The outputs of a game, from a source that stays the caller's.</summary>
    public OutputTrace(IOutputSource source, Game game)
    {
        _source = source;
        _startingBlock = game.StartingBlock;
        _claimedBlock = game.ClaimedBlock;
        _l1Head = game.L1Head;
    }

    /// <summary>The L2 block that a leaf is about, before what L1 holds is looked at.</summary>
    public ulong BlockAt(UInt128 traceIndex)
    {
        ulong most = _claimedBlock - ulong.Min(_startingBlock, _claimedBlock);
        return traceIndex < most ? _startingBlock + (ulong)traceIndex + 1 : _claimedBlock;
    }

    /// <inheritdoc/>
    public async Task<Bytes32> ClaimAtAsync(UInt128 traceIndex, CancellationToken cancellation = default)
    {
        ulong last = await _source.LastBlockAsync(_l1Head, cancellation).ConfigureAwait(false);
        if (last < _startingBlock)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The L2's data on L1 seem to end at block {last}, before block {_startingBlock} where the "
                    + "game begins.");
        }

        ulong block = ulong.Min(BlockAt(traceIndex), last);
        return await _source.OutputAtAsync(block, cancellation).ConfigureAwait(false);
    }
}
