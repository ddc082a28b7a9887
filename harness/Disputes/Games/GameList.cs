using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Games;

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
        DisputeGameFactory.GameCountResult answer = await factory
            .ReadAsync(new DisputeGameFactory.GameCountFunction(), at, cancellation)
            .ConfigureAwait(false);
        int count = (int)BigInteger.Min(answer.GameCount, int.MaxValue);
        if (count < _games.Count
            || !await IsKnownAsync(_readAt, cancellation).ConfigureAwait(false))
        {
            _games.Clear();
            ReorganisationCount++;
        }

        int first = _games.Count;
        IReadOnlyList<DisputeGameFactory.GameAtIndexResult> found = await factory
            .ReadManyAsync(
                Enumerable.Range(first, count - first)
                    .Select(index => new DisputeGameFactory.GameAtIndexFunction { Index = index }),
                at,
                cancellation)
            .ConfigureAwait(false);
        _games.AddRange(found.Select((game, place) =>
            new FoundGame((ulong)(first + place), game.GameType, game.Timestamp, game.Proxy)));
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
}
