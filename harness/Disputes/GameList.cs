using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;

namespace Culverin.Harness.Disputes;

/// <summary>
/// The games that a factory made. What was read before is not read again, as long as L1 is not
/// reorganised. For one thread at a time.
/// </summary>
/// <param name="factory">The DisputeGameFactory.</param>
public sealed class GameList(Contract factory)
{
    private readonly List<FoundGame> _games = [];
    private Block? _readAt;

    /// <summary>How often the list was begun afresh, as L1 had been reorganised.</summary>
    public int ReorganisationCount { get; private set; }

    /// <summary>
    /// All games as of an L1 block, of any kind, in the order in which they were made. Throws <see
    /// cref="ChainException"/> when the node fails or no longer has the block.
    /// </summary>
    public async Task<IReadOnlyList<FoundGame>> ReadAsync(
        Block block, CancellationToken cancellation = default)
    {
        BlockReference at = BlockReference.Hash(block.Hash);
        AbiValue answer = await factory.ReadAsync("gameCount", [], at, cancellation).ConfigureAwait(false);
        int count = (int)BigInteger.Min(answer.AsInteger(), int.MaxValue);
        if (count < _games.Count
            || !await IsKnownAsync(_readAt, cancellation).ConfigureAwait(false))
        {
            _games.Clear();
            ReorganisationCount++;
        }

        CallRequest[] calls =
        [
            .. Enumerable.Range(_games.Count, count - _games.Count)
                .Select(index => factory.Request(default, "gameAtIndex", [index])),
        ];
        IReadOnlyList<CallOutcome> outcomes =
            await factory.Node.CallManyAsync(calls, at, cancellation).ConfigureAwait(false);
        int first = _games.Count;
        _games.AddRange(outcomes.Select((outcome, place) => Read(outcome, (ulong)(first + place))).ToArray());
        _readAt = block;
        return [.. _games];
    }

    private async Task<bool> IsKnownAsync(Block? block, CancellationToken cancellation)
    {
        if (block is null)
        {
            return true;
        }

        Block? same = await factory.Node
            .FindBlockAsync(block.Number, cancellation)
            .ConfigureAwait(false);
        return same?.Hash == block.Hash;
    }

    private FoundGame Read(CallOutcome outcome, ulong index)
    {
        IReadOnlyList<AbiValue> fields = factory.Abi
            .Function("gameAtIndex")
            .DecodeOutputs(outcome.Require($"{factory.Name}.gameAtIndex", factory.Abi));
        return new FoundGame(
            index, (uint)fields[0].AsInteger(), (ulong)fields[1].AsInteger(), fields[2].AsAddress());
    }
}
