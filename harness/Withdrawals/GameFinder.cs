using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Withdrawals;

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
        GameChoice first = GameChoice.None;
        Block l2Head = await _l2.GetBlockAsync(BlockReference.Latest, cancellation).ConfigureAwait(false);
        IReadOnlyList<(ulong Index, Address Game)> covering =
            await CoveringAsync(reader, portal, blockNumber, cancellation).ConfigureAwait(false);
        foreach ((ulong Index, Address Game)[] page in covering.Chunk(PageCount))
        {
            Address[] addresses = [.. page.Select(each => each.Game)];
            IReadOnlyList<GameFacts?> games =
                await ReadAsync(reader, addresses, cancellation).ConfigureAwait(false);
            for (int index = 0; index < page.Length; index++)
            {
                if (games[index] is not { } game)
                {
                    continue;
                }

                BlockReason fault = StatusMachine.FaultOf(game, portal);
                if (fault == BlockReason.None)
                {
                    fault = await CheckRootAsync(game, l2Head, cancellation).ConfigureAwait(false);
                }

                GameChoice choice = new(game, page[index].Index, fault);
                if (choice.IsUsable)
                {
                    return choice;
                }

                first = first.Game is null ? choice : first;
            }
        }

        return first;
    }

    /// <summary>
    /// The games at these addresses; null for what answers otherwise than a game does.
    /// </summary>
    public async Task<IReadOnlyList<GameFacts?>> ReadAsync(
        BlockReader reader, IReadOnlyList<Address> addresses, CancellationToken cancellation)
    {
        string[] getters = ["gameType", "status", "createdAt", "resolvedAt", "rootClaim", "l2BlockNumber"];
        List<(Contract, string, AbiValue[])> questions = [];
        foreach (Address address in addresses)
        {
            questions.AddRange(
                getters.Select(getter => (contracts.Game.At(address), getter, Array.Empty<AbiValue>())));
            questions.Add((contracts.Portal, "disputeGameBlacklist", [address]));
        }

        IReadOnlyList<IReadOnlyList<AbiValue>?> answers =
            await reader.TryReadAsync(questions, cancellation).ConfigureAwait(false);
        return
        [
            .. answers
                .Chunk(getters.Length + 1)
                .Select((values, index) => Read(addresses[index], values)),
        ];
    }

    private static GameFacts? Read(Address address, IReadOnlyList<AbiValue>?[] values) =>
        values.Any(value => value is null)
            ? null
            : new GameFacts
            {
                Address = address,
                Type = (uint)values[0]![0].AsInteger(),
                Status = (int)values[1]![0].AsInteger(),
                CreatedAt = BlockReader.Count(values[2]![0]),
                ResolvedAt = BlockReader.Count(values[3]![0]),
                RootClaim = values[4]![0].AsBytes32(),
                BlockNumber = values[5]![0].AsInteger(),
                IsBlacklisted = values[6]![0].AsBoolean(),
            };

    // Numbers of claimed blocks follow no order, since anyone may propose: every game is looked at. What
    // games of other types claim is not known, and their answers are not asked for.
    private async Task<IReadOnlyList<(ulong Index, Address Game)>> CoveringAsync(
        BlockReader reader, PortalFacts portal, ulong blockNumber, CancellationToken cancellation)
    {
        ulong start = portal.GameCount > GameCountMax ? portal.GameCount - GameCountMax : 0;
        int count = (int)(portal.GameCount - start);
        IReadOnlyList<IReadOnlyList<AbiValue>> entries = await reader
            .ReadAsync(
                [
                    .. Enumerable.Range(0, count).Select(index =>
                        (contracts.Factory, "gameAtIndex", new AbiValue[] { start + (ulong)index })),
                ],
                cancellation)
            .ConfigureAwait(false);
        (ulong Index, Address Game)[] known =
        [
            .. entries
                .Select((entry, index) => (Entry: entry, Index: start + (ulong)index))
                .Where(each => IsKnown(each.Entry[0].AsInteger()))
                .Select(each => (each.Index, each.Entry[2].AsAddress())),
        ];
        IReadOnlyList<IReadOnlyList<AbiValue>?> numbers = await reader
            .TryReadAsync(
                [
                    .. known.Select(each =>
                        (contracts.Game.At(each.Game), "l2BlockNumber", Array.Empty<AbiValue>())),
                ],
                cancellation)
            .ConfigureAwait(false);
        return
        [
            .. known.Where((_, index) =>
                numbers[index] is { } number && number[0].AsInteger() >= blockNumber),
        ];
    }

    private static bool IsKnown(BigInteger gameType) =>
        gameType == GameTypes.Fault || gameType == GameTypes.Permissioned;

    private async Task<BlockReason> CheckRootAsync(
        GameFacts game, Block l2Head, CancellationToken cancellation)
    {
        if (game.BlockNumber > l2Head.Number)
        {
            return BlockReason.UnknownBlock;
        }

        OutputRoot output = await OutputRoot
            .ReadAsync(_l2, (ulong)game.BlockNumber, cancellation)
            .ConfigureAwait(false);
        return output.Hash == game.RootClaim ? BlockReason.None : BlockReason.WrongOutputRoot;
    }
}
