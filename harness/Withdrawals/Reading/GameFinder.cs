using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Withdrawals.Reading;

/// <summary>
/// Finds the earliest game that a withdrawal can be proven on: one of a type whose claims are known here,
/// that covers the withdrawal's L2 block, is worth something for payment, and claims the very output root
/// that one's own L2 node has.
/// </summary>
internal sealed class GameFinder(WithdrawalContracts contracts)
{
    // Games of a month at one in 20 minutes; of older ones nobody needs the earliest.
    private const ulong GameCountMax = 2_200;
    private const int PageCount = 40;

    private readonly EthereumNode _l2 = contracts.MessagePasser.Node;

    /// <summary>
    /// The game, or what is wrong with the earliest that covers the block. Throws <see
    /// cref="ChainException"/>.
    /// </summary>
    public async Task<GameChoice> FindAsync(
        BlockReader reader, PortalFacts portal, ulong blockNumber, CancellationToken cancellation)
    {
        GameChoice worthless = GameChoice.None;
        Block l2Head = await _l2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        IReadOnlyList<(ulong Index, Address Game)> covering =
            await CoveringAsync(reader, portal, blockNumber, cancellation).ConfigureAwait(false);
        foreach ((ulong Index, Address Game)[] page in covering.Chunk(PageCount))
        {
            Address[] addresses = [.. page.Select(each => each.Game)];
            IReadOnlyList<GameFacts?> games =
                await ReadAsync(reader, portal, addresses, cancellation).ConfigureAwait(false);
            for (int index = 0; index < page.Length; index++)
            {
                if (games[index] is not { } game)
                {
                    continue;
                }

                BlockReason fault = StatusMachine.FaultToProve(game, portal);
                GameChoice choice = new(game, page[index].Index, fault);
                if (fault == BlockReason.None)
                {
                    choice = await CheckRootAsync(choice, l2Head, cancellation).ConfigureAwait(false);
                }

                if (choice.IsUsable)
                {
                    return choice;
                }

                worthless = Worse(worthless, choice);
            }
        }

        return IsKnown(portal.RespectedType)
            ? worthless
            : worthless with { Fault = BlockReason.UnknownGameType };
    }

    /// <summary>
    /// The games at these addresses; null for what answers otherwise than a game does.
    /// </summary>
    public async Task<IReadOnlyList<GameFacts?>> ReadAsync(
        BlockReader reader,
        PortalFacts portal,
        IReadOnlyList<Address> addresses,
        CancellationToken cancellation)
    {
        CallBatch batch = reader.Batch();
        GameQuestions[] questions =
            [.. addresses.Select(address => new GameQuestions(batch, contracts, portal, address))];
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        return [.. questions.Select(each => each.Read())];
    }

    // The earliest says most, unless a node keeps one from being found: that can be helped.
    private static GameChoice Worse(GameChoice before, GameChoice next) =>
        before.Game is null
        || (next.Fault == BlockReason.StateUnavailable && before.Fault != BlockReason.StateUnavailable)
            ? next
            : before;

    // Numbers of claimed blocks follow no order, since anyone may propose: every game is looked at. What
    // games of other types claim is not known, and their answers are not asked for.
    private async Task<IReadOnlyList<(ulong Index, Address Game)>> CoveringAsync(
        BlockReader reader, PortalFacts portal, ulong blockNumber, CancellationToken cancellation)
    {
        ulong start = portal.GameCount > GameCountMax ? portal.GameCount - GameCountMax : 0;
        int count = (int)(portal.GameCount - start);
        CallBatch batch = reader.Batch();
        BatchAnswer<DisputeGameFactory.GameAtIndexResult>[] entries =
        [
            .. Enumerable.Range(0, count).Select(index => batch.Add(
                contracts.Factory,
                new DisputeGameFactory.GameAtIndexFunction { Index = start + (ulong)index })),
        ];
        await batch.SendAsync(cancellation).ConfigureAwait(false);
        CallBatch second = reader.Batch();
        (ulong Index, Address Game, BatchAnswer<FaultDisputeGame.L2BlockNumberResult> Number)[] known =
        [
            .. entries
                .Select((entry, index) => (Entry: entry.Require(), Index: start + (ulong)index))
                .Where(each => IsKnown(each.Entry.GameType))
                .Select(each => (each.Index, each.Entry.Proxy, second.Add(
                    contracts.Game.At(each.Entry.Proxy), new FaultDisputeGame.L2BlockNumberFunction()))),
        ];
        await second.SendAsync(cancellation).ConfigureAwait(false);
        return
        [
            .. known
                .Where(each => each.Number.Result is { } number && number.L2BlockNumber >= blockNumber)
                .Select(each => (each.Index, each.Game)),
        ];
    }

    private static bool IsKnown(BigInteger gameType) =>
        gameType == GameTypes.Fault || gameType == GameTypes.Permissioned;

    // A node that cannot tell for one block, be it too old for it, may for a later one.
    private async Task<GameChoice> CheckRootAsync(
        GameChoice choice, Block l2Head, CancellationToken cancellation)
    {
        GameFacts game = choice.Game!;
        if (game.BlockNumber > l2Head.Number)
        {
            return choice with { Fault = BlockReason.UnknownBlock };
        }

        try
        {
            OutputRoot output = await OutputRoot
                .ReadAsync(_l2, (ulong)game.BlockNumber, cancellation)
                .ConfigureAwait(false);
            return output.Hash == game.RootClaim
                ? choice
                : choice with { Fault = BlockReason.WrongOutputRoot };
        }
        catch (ChainException error) when (
            error.Failure is ChainFailure.ErrorAnswer or ChainFailure.BadAnswer or ChainFailure.Encoding)
        {
            return choice with { Fault = BlockReason.StateUnavailable, Detail = error.Message };
        }
    }
}
