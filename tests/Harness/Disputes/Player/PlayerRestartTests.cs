using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Values;
using Xunit;
using Xunit.Abstractions;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// A player that is ended at any point goes on from the chain's state, without a double move.
/// </summary>
public sealed class PlayerRestartTests(PlayerFixture fixture, ITestOutputHelper output)
    : IClassFixture<PlayerFixture>
{
    private const int GameCount = 6;
    private const int RoundsMax = 400;
    private const int RequestsMax = 40;

    [Fact]
    public async Task Ended_at_random_points_it_makes_each_move_once()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        for (int number = 0; number < GameCount; number++)
        {
            Random random = new(seed + number);
            PlayerWorld world = await PlayerWorld.StartAsync(fixture);
            GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
            int ends = await PlayWithEndsAsync(world, game, random);
            Game state = await game.ReadAsync();
            Assert.Equal(GameStatus.ChallengerWins, state.Status);
            PlayerWorld.AssertNoDouble(state);
            Assert.Equal(0, await game.CreditAsync(world.Challenger.Address));
            output.WriteLine($"{ends} ends, {state.Claims.Count} claims");

            Assert.Equal((Needed(state, world.Challenger.Address), 0), await CountAsync(world));
        }
    }

    [Fact]
    public async Task What_it_left_behind_unconfirmed_is_not_sent_beside()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using CancellationTokenSource end = new();
        await world.Arena.L1.SetAutomineAsync(false);
        try
        {
            Task<GameRecord> first = PlayAsync(world, game, end.Token);
            while (await world.Arena.L1.Node.GetNonceAsync(world.Challenger.Address, BlockReference.Pending)
                == 0)
            {
                await Task.Delay(20);
            }

            await end.CancelAsync();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            Task<GameRecord> second = PlayAsync(world, game, CancellationToken.None);
            await Task.WhenAny(second, Task.Delay(100));
            await world.Arena.L1.MineAsync();
            GameRecord record = await second;
            Assert.True(record.Failure is null, record.Failure);
        }
        finally
        {
            await world.Arena.L1.SetAutomineAsync(true);
        }

        Assert.Equal(2, (await game.ReadAsync()).Claims.Count);
        Assert.Equal((1, 0), await CountAsync(world));
    }

    // Its claims, a load and a step against a claim of the thief's at the bottom, the resolution of each
    // claim and of the game, and one payment.
    private static int Needed(Game game, Address player)
    {
        int own = game.Claims.Count(claim => claim.Claimant == player);
        int steps = game.Claims.Count(claim =>
            claim.Claimant != player && claim.Position.Depth == PlayerFixture.MaxDepth);
        return own + 2 * steps + game.Claims.Count + 2;
    }

    private static async Task<GameRecord> PlayAsync(
        PlayerWorld world, GameClient game, CancellationToken cancellation)
    {
        using TransactionSender sender = PlayerWorld.SenderOf(world.Challenger, world.Arena.L1.Node);
        using GamePlayer player = new(
            DisputeContracts.Of(world.Arena),
            game.Contract.Address,
            0,
            sender,
            world.Traces(),
            new PreimageLoader(DisputeContracts.Of(world.Arena)));
        return await player.PlayAsync(await world.HeadAsync(), cancellation);
    }

    // A new player over a new connection each time; some requests later it is ended.
    private static async Task<int> PlayWithEndsAsync(PlayerWorld world, GameClient game, Random random)
    {
        int ends = 0;
        bool isOver = false;
        for (int round = 0; round < RoundsMax; round++)
        {
            using CancellationTokenSource end = new();
            using FaultyNode node = new(world.Arena.L1.Endpoint, "", 0);
            int last = random.Next(1, RequestsMax);
            node.OnRequest = number =>
            {
                if (number == last)
                {
                    end.Cancel();
                }
            };
            using GamePlayer player = world.PlayerOf(game, node: node.Node);
            GameRecord? record = null;
            try
            {
                record = await player.PlayAsync(await world.HeadAsync(), end.Token);
            }
            catch (OperationCanceledException)
            {
                ends++;
            }

            if (record?.Phase == PlayerPhase.Finished)
            {
                return ends;
            }

            if (!isOver && random.Next(4) > 0)
            {
                await world.ContradictAsync(game);
            }
            else if (record is { Actions.Count: 0 } && record.Waits.Max(wait => wait.Until) is { } until)
            {
                await world.Arena.L1.AdvanceToAsync(until);
                isOver = true;
            }
        }

        throw new TimeoutException("The game does not end.");
    }

    private static async Task<(int Succeeded, int Failed)> CountAsync(PlayerWorld world)
    {
        List<TransactionReceipt> receipts = [];
        Block head = await world.HeadAsync();
        for (ulong number = 0; number <= head.Number; number++)
        {
            Block block = await world.Arena.L1.Node.GetBlockAsync(number);
            receipts.AddRange(await world.Arena.L1.Node.GetReceiptsAsync(block));
        }

        TransactionReceipt[] own =
            [.. receipts.Where(receipt => receipt.From == world.Challenger.Address)];
        return (own.Count(receipt => receipt.Succeeded), own.Count(receipt => !receipt.Succeeded));
    }
}
