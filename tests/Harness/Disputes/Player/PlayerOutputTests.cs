using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// A player whose L2 node is wrong, while the proposal is right: it must never attack that.
/// </summary>
public sealed class PlayerOutputTests(DerivedPlayerFixture fixture) : IClassFixture<DerivedPlayerFixture>
{
    /// <summary>Which of the nodes does wrong.</summary>
    internal enum Asked
    {
        L1,
        L2,
        Rollup,
    }

    [L2NodeFact]
    public async Task A_node_of_another_chain_is_not_believed()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        (GameClient game, L2Node verifier) = await ProposeRightAsync(world);
        using GamePlayer wrong = PlayerOver(world, game, verifier, l2: world.Arena.L1.Node);
        await AssertUnknownAsync(world, wrong, "chain id 900, but it must be 70901");
    }

    [L2NodeTheory]
    [InlineData("drop", 1, Asked.L2)]
    [InlineData("garbage", 3, Asked.L2)]
    [InlineData("refuse", 5, Asked.L2)]
    [InlineData("change proof", 0, Asked.L2)]
    [InlineData("change numbered header", 0, Asked.L2)]
    [InlineData("drop", 0, Asked.Rollup)]
    [InlineData("garbage", 1, Asked.Rollup)]
    [InlineData("refuse", 2, Asked.Rollup)]
    [InlineData("drop", 0, Asked.L1)]
    [InlineData("forget", 0, Asked.L1)]
    [InlineData("other block", 0, Asked.L1)]
    [InlineData("change header", 0, Asked.L1)]
    internal async Task A_faulty_node_makes_the_output_unknown_until_it_is_well(
        string fault, int first, Asked asked)
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        (GameClient game, L2Node verifier) = await ProposeRightAsync(world);
        Uri real = asked == Asked.L1 ? world.Arena.L1.Endpoint : verifier.Endpoint;
        using FaultyNode faulty = new(real, fault, int.MaxValue) { FirstFault = first };
        using GamePlayer player = PlayerOver(
            world,
            game,
            verifier,
            asked == Asked.L2 ? faulty.Node : null,
            l1: asked == Asked.L1 ? faulty.Node : null,
            rollup: asked == Asked.Rollup ? faulty.Rollup : null);
        await AssertUnknownAsync(world, player, "");
        Assert.True(faulty.FaultCount > 0);
        faulty.Heal();
        await AssertValidAsync(world, player);
    }

    [L2NodeFact]
    public async Task Two_nodes_must_agree_where_both_are_asked()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        (GameClient game, L2Node verifier) = await ProposeRightAsync(world);
        using FaultyNode other = new(verifier.Endpoint, "drop", int.MaxValue);
        using GamePlayer careful = PlayerOver(world, game, verifier, other: other.Node, count: 2);
        await AssertUnknownAsync(world, careful, "Only 1 of 2 nodes");
        using GamePlayer content = PlayerOver(world, game, verifier, other: other.Node, count: 1);
        await AssertValidAsync(world, content);
        other.Heal();
        await AssertValidAsync(world, careful);
        _ = Assert.Throws<CulverinException>(
            () => PlayerOver(world, game, verifier, other: other.Node, count: 3));
    }

    [L2NodeTheory]
    [InlineData("stall")]
    [InlineData("garbage")]
    [InlineData("forget all")]
    public async Task A_node_of_the_L2_that_fails_is_told_and_keeps_the_acted_block_back(string fault)
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        (_, L2Node verifier) = await ProposeRightAsync(world);
        GameClient forged = await world.ProposeAsync(PlayerWorld.Forgery);
        _ = await ((DerivedL2)world.Arena.L2).VerifierAsync();
        using FaultyNode node = new(verifier.Endpoint, fault, int.MaxValue);
        OutputNodes outputs = new(
            [world.Arena.L1.Node], [node.Node], [node.Rollup], world.Arena.Options.L2ChainId, 1);
        LastRecords records = new();
        DisputeContracts contracts = DisputeContracts.Of(world.Arena);
        using PlayerService service = new(
            contracts,
            world.Arena.OnL1(world.Challenger),
            new Dictionary<uint, IGameTraces> { [GameTypes.Fault] = TracesOver(world, outputs) },
            new PreimageLoader(contracts),
            new PlayerServiceOptions { OnlyGame = forged.Contract.Address },
            records);
        ServiceRecord record = await service.PlayOnceAsync();
        Assert.Equal(1, record.UnknownCount);
        Assert.NotEmpty(Assert.Single(records.Game!.Unknowns));
        Assert.Contains(records.Game.Warnings, warning => warning.Contains("is not known here"));
        Assert.True(record.HighestActedBlock < record.Head!.Number);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        node.Heal();
        record = await service.PlayOnceAsync();
        Assert.Equal(0, record.UnknownCount);
        Assert.Equal(record.Head!.Number, record.HighestActedBlock);
        Assert.Equal(1ul, await world.CountAsync(world.Challenger));
    }

    // A right proposal, once the verifier has read L1 as far as the game wants.
    private static async Task<(GameClient Game, L2Node Verifier)> ProposeRightAsync(PlayerWorld world)
    {
        DerivedL2 l2 = (DerivedL2)world.Arena.L2;
        await l2.MineAsync((int)PlayerWorld.ClaimedBlock);
        await l2.PostAsync(world.Arena.Accounts.Batcher, PlayerWorld.ClaimedBlock);
        OutputRoot output = await OutputRoot.ReadAsync(l2.Node, PlayerWorld.ClaimedBlock);
        GameClient game = await world.ProposeAsync(output.Hash);
        return (game, await l2.VerifierAsync());
    }

    private static GamePlayer PlayerOver(
        PlayerWorld world,
        GameClient game,
        L2Node verifier,
        EthereumNode? l2 = null,
        EthereumNode? other = null,
        int count = 1,
        EthereumNode? l1 = null,
        RollupNode? rollup = null)
    {
        EthereumNode[] nodes = [l2 ?? verifier.Node, .. other is null ? [] : new[] { other }];
        OutputNodes outputs = new(
            [l1 ?? world.Arena.L1.Node],
            nodes,
            [rollup ?? verifier.Rollup],
            world.Arena.Options.L2ChainId,
            count);
        return world.PlayerOf(game, traces: TracesOver(world, outputs));
    }

    private static AlphabetGameTraces TracesOver(PlayerWorld world, OutputNodes outputs) =>
        new(PlayerFixture.Letter, world.Arena.Options.L2ChainId, outputs.SourceOf);

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

    /// <summary>What the player said last about the one game that it plays.</summary>
    private sealed class LastRecords : IPlayerObserver
    {
        internal GameRecord? Game { get; private set; }

        public void OnGame(GameRecord record) => Game = record;

        public void OnWarning(Address game, string text)
        {
        }

        public void OnOracle(OracleRecord record)
        {
        }

        public void OnService(ServiceRecord record)
        {
        }
    }
}
