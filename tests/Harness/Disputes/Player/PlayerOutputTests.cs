using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// A player whose L2 node is wrong, while the proposal is right: it must never attack that.
/// </summary>
public sealed class PlayerOutputTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    [Fact]
    public async Task A_node_that_is_behind_what_l1_holds_is_not_believed()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        ClassicArena arena = world.Arena;
        ChainSnapshot beginning = await arena.L2.RememberAsync();
        GameClient game = await ProposeRightAsync(world);
        await arena.L2.GoBackAsync(beginning);
        ChainSnapshot again = await arena.L2.RememberAsync();
        using GamePlayer player = PlayerOver(world, game, arena.L2.Node);
        await AssertUnknownAsync(world, player, "does not have yet");

        // It catches up with blocks of its own making.
        await arena.L2.AdvanceAsync(100);
        await arena.L2.MineAsync((int)PlayerWorld.ClaimedBlock);
        await AssertUnknownAsync(world, player, "but L1 as");
        await arena.L2.GoBackAsync(again);
        await arena.L2.MineAsync((int)PlayerWorld.ClaimedBlock);
        await AssertValidAsync(world, player);
    }

    [Fact]
    public async Task A_node_of_another_chain_is_not_believed()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await ProposeRightAsync(world);
        using GamePlayer wrong = PlayerOver(world, game, world.Arena.L1.Node);
        await AssertUnknownAsync(world, wrong, "chain id 900, but it must be 901");
        Game state = await game.ReadAsync();
        NodeOutputSource other = new(
            world.Arena.L1.Node,
            world.Arena.L2.Node,
            world.Arena.RollupConfig(),
            state.StartingBlock + 1,
            state.StartingRoot);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => other.LastBlockAsync(state.L1Head));
        Assert.Contains("follows another chain", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop", 1, false)]
    [InlineData("garbage", 3, false)]
    [InlineData("refuse", 5, false)]
    [InlineData("change proof", 0, false)]
    [InlineData("change numbered header", 0, false)]
    [InlineData("drop", 0, true)]
    [InlineData("forget", 0, true)]
    [InlineData("other block", 0, true)]
    [InlineData("change header", 0, true)]
    [InlineData("change transaction", 0, true)]
    [InlineData("lose transaction", 0, true)]
    public async Task A_faulty_node_makes_the_output_unknown_until_it_is_well(
        string fault, int first, bool isL1)
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await ProposeRightAsync(world);
        ClassicArena arena = world.Arena;
        using FaultyNode faulty =
            new(isL1 ? arena.L1.Endpoint : arena.L2.Endpoint, fault, int.MaxValue) { FirstFault = first };
        using GamePlayer player = isL1
            ? PlayerOver(world, game, arena.L2.Node, l1: faulty.Node)
            : PlayerOver(world, game, faulty.Node);
        await AssertUnknownAsync(world, player, "");
        Assert.True(faulty.FaultCount > 0);
        faulty.Heal();
        await AssertValidAsync(world, player);
    }

    [Fact]
    public async Task Two_nodes_must_agree_where_both_are_asked()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await ProposeRightAsync(world);
        using FaultyNode other = new(world.Arena.L2.Endpoint, "drop", int.MaxValue);
        using GamePlayer careful = PlayerOver(world, game, world.Arena.L2.Node, other.Node, 2);
        await AssertUnknownAsync(world, careful, "Only 1 of 2 nodes");
        using GamePlayer content = PlayerOver(world, game, world.Arena.L2.Node, other.Node, 1);
        await AssertValidAsync(world, content);
        other.Heal();
        await AssertValidAsync(world, careful);
        _ = Assert.Throws<CulverinException>(
            () => PlayerOver(world, game, world.Arena.L2.Node, other.Node, 3));
    }

    private static async Task<GameClient> ProposeRightAsync(PlayerWorld world)
    {
        ClassicArena arena = world.Arena;
        await arena.L2.MineAsync((int)PlayerWorld.ClaimedBlock);
        Batcher batcher =
            new(arena.L1.Node, arena.L2.Node, arena.OnL1(arena.Accounts.Batcher), arena.RollupConfig());
        _ = await batcher.PostAsync(PlayerWorld.ClaimedBlock);
        OutputRoot output = await OutputRoot.ReadAsync(arena.L2.Node, PlayerWorld.ClaimedBlock);
        return await world.ProposeAsync(output.Hash);
    }

    private static GamePlayer PlayerOver(
        PlayerWorld world,
        GameClient game,
        EthereumNode l2,
        EthereumNode? other = null,
        int count = 1,
        EthereumNode? l1 = null)
    {
        EthereumNode[] nodes = other is null ? [l2] : [l2, other];
        OutputNodes outputs =
            new([l1 ?? world.Arena.L1.Node], nodes, world.Arena.RollupConfig(), count);
        return world.PlayerOf(
            game,
            traces: new AlphabetGameTraces(
                PlayerFixture.Letter, world.Arena.Options.L2ChainId, outputs.SourceOf));
    }

    private static async Task AssertUnknownAsync(PlayerWorld world, GamePlayer player, string words)
    {
        GameRecord record = await world.RoundAsync(player);
        Assert.True(record.Failure is null, record.Failure);
        Assert.Equal(Validity.Unknown, record.Root!.Validity);
        Assert.Contains(words, record.Root.Reason, StringComparison.Ordinal);
        Assert.Equal(PlayerPhase.Waiting, record.Phase);
        Assert.Contains(record.Waits, wait => wait.ClaimIndex == 0);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
    }

    private static async Task AssertValidAsync(PlayerWorld world, GamePlayer player)
    {
        GameRecord record = await world.RoundAsync(player);
        Assert.True(record.Root!.Validity == Validity.Valid, record.Root.Reason);
        Assert.Empty(record.Actions);
    }
}
