using System.Collections.Concurrent;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Disputes.Solver;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>All games of a factory, played side by side.</summary>
public sealed class PlayerServiceTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_game_that_fails_does_not_stop_the_others()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient right = await world.ProposeAsync(ToyWorld.Output(PlayerWorld.ClaimedBlock));
        GameClient poison = await world.ProposeAsync(PlayerWorld.Poison);
        GameClient forged = await world.ProposeAsync(PlayerWorld.Forgery);
        Observer observer = new();
        PoisonedTraces traces = new(world.Traces());
        using PlayerService service = ServiceOf(world, traces, observer);
        using CancellationTokenSource end = new();
        Task run = service.RunAsync(end.Token);
        await observer.WaitAsync(forged, record => record.Actions.Count > 0);
        await observer.WaitAsync(poison, record => record.Phase == PlayerPhase.Failed);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        await observer.WaitAsync(right, record => record.Phase == PlayerPhase.Finished);
        await observer.WaitAsync(forged, record => record.Phase == PlayerPhase.AwaitingCredit);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.BondDelaySeconds);
        await observer.WaitAsync(forged, record => record.Phase == PlayerPhase.Finished);
        Assert.Contains("defect", observer.Of(poison).Failure, StringComparison.Ordinal);
        Assert.True(observer.Service!.HighestActedBlock < observer.Service.Head!.Number);
        traces.IsHealed = true;
        await observer.WaitAsync(poison, record => record.Phase == PlayerPhase.AwaitingCredit
            || record.Actions.Count > 0);
        await end.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(GameStatus.ChallengerWins, (await forged.ReadAsync()).Status);
        Assert.Equal(GameStatus.DefenderWins, (await right.ReadAsync()).Status);
    }

    [Fact]
    public async Task The_highest_acted_block_follows_the_chain()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        using PlayerService service = ServiceOf(world, world.Traces());
        await AssertActedAsync(world, service);
        _ = await world.ProposeAsync(PlayerWorld.Forgery);
        await AssertActedAsync(world, service);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        await AssertActedAsync(world, service);
        _ = await world.ProposeAsync(PlayerWorld.Poison);
        _ = await world.ProposeAsync(ToyWorld.Output(PlayerWorld.ClaimedBlock));
        await AssertActedAsync(world, service);
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.BondDelaySeconds);
        ServiceRecord record = await AssertActedAsync(world, service);
        Assert.Equal(3, record.GameCount);
        Assert.Equal(1, record.FinishedCount);
    }

    [Fact]
    public async Task An_older_head_and_another_chain_are_not_believed()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using FaultyNode node = new(world.Arena.L1.Endpoint, "old head", int.MaxValue) { FirstFault = 3 };
        DisputeContracts contracts = DisputeContracts.Of(world.Arena).On(node.Node);
        using TransactionSender sender = PlayerWorld.SenderOf(world.Challenger, node.Node);
        using PlayerService service = new(
            contracts, sender, All(world.Traces()), new PreimageLoader(contracts), Options());
        world.Silence = "not yet";
        Assert.Null((await service.PlayOnceAsync()).Failure);
        world.Silence = null;
        ServiceRecord record = await service.PlayOnceAsync();
        Assert.Contains("newest block is 1, but", record.Failure, StringComparison.Ordinal);
        Assert.Single((await game.ReadAsync()).Claims);
        node.Heal();
        Assert.Null((await service.PlayOnceAsync()).Failure);
        Assert.Equal(2, (await game.ReadAsync()).Claims.Count);
        using PlayerService foreign = new(
            contracts,
            sender,
            All(world.Traces()),
            new PreimageLoader(contracts),
            Options() with { L1ChainId = 1 });
        record = await foreign.PlayOnceAsync();
        Assert.Contains("has chain id 900, but it must be 1", record.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_newest_block_that_enough_nodes_have_is_played()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        _ = await world.ProposeAsync(PlayerWorld.Forgery);
        ulong behind = (await world.HeadAsync()).Number;
        await world.Arena.L1.MineAsync(2);
        using FaultyNode slow = new(world.Arena.L1.Endpoint, "old head", int.MaxValue)
        {
            OldHead = Hex.FormatQuantity(behind),
        };
        using FaultyNode dead = new(world.Arena.L1.Endpoint, "drop", int.MaxValue);
        Assert.Equal(behind, await PlayedBlockAsync(world, [slow.Node], 2));
        Assert.Equal(behind + 3, await PlayedBlockAsync(world, [slow.Node], 1));
        Assert.Equal(behind, await PlayedBlockAsync(world, [dead.Node, slow.Node], 2));
        Assert.Null(await PlayedBlockAsync(world, [dead.Node, slow.Node], 3));
        slow.Heal();
        dead.Heal();
        Assert.Equal(behind + 3, await PlayedBlockAsync(world, [dead.Node, slow.Node], 3));
        _ = await Assert.ThrowsAsync<CulverinException>(() => PlayedBlockAsync(world, [slow.Node], 3));
    }

    [Fact]
    public async Task After_a_reorganisation_all_is_read_again()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        ArenaSnapshot before = await world.Arena.SnapshotAsync();
        GameClient game = await world.ProposeAsync(ToyWorld.Output(PlayerWorld.ClaimedBlock));
        await world.Arena.L1.AdvanceAsync(world.Arena.Options.MaxClockSeconds);
        Observer observer = new();
        using PlayerService service = ServiceOf(world, world.Traces(), observer);
        for (int round = 0; round < 4; round++)
        {
            _ = await service.PlayOnceAsync();
        }

        Assert.Equal(PlayerPhase.Finished, observer.Of(game).Phase);
        await world.Arena.RevertAsync(before);
        GameClient other = await world.ProposeAsync(PlayerWorld.Forgery);
        Assert.Equal(game.Contract.Address, other.Contract.Address);
        List<string?> failures = [];
        for (int round = 0; round < 4; round++)
        {
            failures.Add((await service.PlayOnceAsync()).Failure);
        }

        // For a while the older head could also be a node that is behind.
        Assert.Equal([false, false, false, true], failures.Select(failure => failure is null));
        Assert.Equal(PlayerActionKind.Move, observer.Of(other).Actions.Single().Intent.Kind);
    }

    [Fact]
    public async Task Only_the_named_game_and_newer_ones_are_played()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient first = await world.ProposeAsync(PlayerWorld.Forgery);
        GameClient second = await world.ProposeAsync(PlayerWorld.Poison);
        _ = await world.ProposeAsync(PlayerWorld.Forgery, GameTypes.Permissioned);
        Observer observer = new();
        PlayerServiceOptions options = Options() with { FromBlock = (await world.HeadAsync()).Number - 1 };
        using PlayerService newer = ServiceOf(world, world.Traces(), observer, options);
        Assert.Equal(1, (await newer.PlayOnceAsync()).GameCount);
        Assert.NotEmpty(observer.Of(second).Actions);
        options = Options() with { OnlyGame = first.Contract.Address };
        using PlayerService only = ServiceOf(world, world.Traces(), observer, options);
        Assert.Equal(1, (await only.PlayOnceAsync()).GameCount);
        Assert.NotEmpty(observer.Of(first).Actions);
        options = Options() with { OnlyGame = world.Challenger.Address };
        using PlayerService none = ServiceOf(world, world.Traces(), observer, options);
        Assert.Contains("no game", (await none.PlayOnceAsync()).Failure, StringComparison.Ordinal);
    }

    private static async Task<ServiceRecord> AssertActedAsync(PlayerWorld world, PlayerService service)
    {
        ulong head = (await world.HeadAsync()).Number;
        ServiceRecord record = await service.PlayOnceAsync();
        Assert.Null(record.Failure);
        Assert.Equal(head, record.HighestActedBlock);
        return record;
    }

    private static async Task<ulong?> PlayedBlockAsync(
        PlayerWorld world, IReadOnlyList<EthereumNode> further, int count)
    {
        PlayerServiceOptions options = Options() with
        {
            Player = new PlayerOptions { FurtherNodes = further, AgreementCount = count },
        };
        using PlayerService service = ServiceOf(world, world.Traces(), null, options);
        ServiceRecord record = await service.PlayOnceAsync();
        Assert.Equal(0, record.FailedCount);
        return record.Head?.Number;
    }

    private static PlayerServiceOptions Options() => new() { Pause = TimeSpan.FromMilliseconds(50) };

    private static Dictionary<uint, IGameTraces> All(IGameTraces traces) =>
        new() { [GameTypes.Fault] = traces };

    private static PlayerService ServiceOf(
        PlayerWorld world,
        IGameTraces traces,
        IPlayerObserver? observer = null,
        PlayerServiceOptions? options = null) =>
        new(
            DisputeContracts.Of(world.Arena),
            world.Arena.OnL1(world.Challenger),
            All(traces),
            new PreimageLoader(DisputeContracts.Of(world.Arena)),
            options ?? Options(),
            observer);

    private sealed class Observer : IPlayerObserver
    {
        private readonly ConcurrentQueue<GameRecord> _records = [];

        internal ConcurrentQueue<string> Warnings { get; } = [];

        internal ConcurrentQueue<OracleRecord> Oracles { get; } = [];

        internal ServiceRecord? Service { get; private set; }

        public void OnGame(GameRecord record) => _records.Enqueue(record);

        public void OnWarning(Address game, string text) => Warnings.Enqueue(text);

        public void OnOracle(OracleRecord record) => Oracles.Enqueue(record);

        public void OnService(ServiceRecord record) => Service = record;

        internal GameRecord Of(GameClient game) =>
            _records.Last(record => record.Address == game.Contract.Address);

        internal async Task WaitAsync(GameClient game, Func<GameRecord, bool> isReached)
        {
            using CancellationTokenSource limit = new(Patience);
            while (!_records.Any(record => record.Address == game.Contract.Address && isReached(record)))
            {
                await Task.Delay(5, limit.Token);
            }
        }
    }

    // For one root it does what only a defect does.
    private sealed class PoisonedTraces(IGameTraces sound) : IGameTraces
    {
        private volatile bool _isHealed;

        internal bool IsHealed
        {
            set => _isHealed = value;
        }

        public Bytes32 Prestate => sound.Prestate;

        public ulong L2ChainId => sound.L2ChainId;

        public Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default) =>
            game.Root.Value == PlayerWorld.Poison && !_isHealed
                ? throw new InvalidOperationException("poison")
                : sound.OpenAsync(game, cancellation);
    }
}
