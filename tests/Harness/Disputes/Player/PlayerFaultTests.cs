using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Outputs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Tests.Disputes.Solver;
using Culverin.Harness.Tests.Host;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Disputes.Player;

/// <summary>
/// Whatever is wrong around a player: it says so, sends nothing that could lose a bond, and goes on when the
/// fault ends.
/// </summary>
public sealed class PlayerFaultTests(PlayerFixture fixture) : IClassFixture<PlayerFixture>
{
    [Theory]
    [InlineData("stall", 7)]
    [InlineData("drop", 2)]
    [InlineData("garbage", 2)]
    [InlineData("refuse", 2)]
    [InlineData("lose answer", 3)]
    public async Task A_faulty_node_costs_no_bond(string fault, int stride)
    {
        int healthyRounds = 0;
        for (int first = 0; healthyRounds == 0; first += stride)
        {
            PlayerWorld world = await PlayerWorld.StartAsync(fixture);
            GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
            using FaultyNode faulty =
                new(world.Arena.L1.Endpoint, fault, int.MaxValue) { FirstFault = first };
            using GamePlayer player = world.PlayerOf(game, node: faulty.Node);
            GameRecord sick = await world.RoundAsync(player);
            healthyRounds += faulty.FaultCount == 0 ? 1 : 0;
            Assert.Equal(faulty.FaultCount == 0, sick.Failure is null && sick.Waits.All(IsAboutClocks));
            faulty.Heal();
            GameRecord healed = await world.RoundAsync(player);
            Assert.True(healed.Failure is null, healed.Failure);
            Game state = await game.ReadAsync();
            Assert.Equal(world.Challenger.Address, state.Claims.Single(claim => !claim.IsRoot).Claimant);
            Assert.Equal(1ul, await world.CountAsync(world.Challenger));
        }
    }

    [Theory]
    [InlineData("change claim", 1, "disagree")]
    [InlineData("change claim", 2, "disagree")]
    [InlineData("garbage", 2, "Only 1 of 2 nodes")]
    public async Task Another_node_that_does_not_agree_stops_the_play(string fault, int count, string words)
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using FaultyNode other = new(world.Arena.L1.Endpoint, fault, int.MaxValue);
        PlayerOptions options = new() { FurtherNodes = [other.Node], AgreementCount = count };
        using GamePlayer player = world.PlayerOf(game, options);
        GameRecord record = await world.RoundAsync(player);
        Assert.Equal(PlayerPhase.Failed, record.Phase);
        Assert.Contains(words, record.Failure, StringComparison.Ordinal);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        other.Heal();
        Assert.Single((await world.RoundAsync(player)).Actions);
    }

    [Fact]
    public async Task A_silent_node_does_not_matter_where_the_others_suffice()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using FaultyNode other = new(world.Arena.L1.Endpoint, "drop", int.MaxValue);
        using GamePlayer player = world.PlayerOf(game, new PlayerOptions { FurtherNodes = [other.Node] });
        Assert.Single((await world.RoundAsync(player)).Actions);
        Assert.True(other.FaultCount > 0);
    }

    [Fact]
    public async Task Outputs_that_nodes_tell_differently_are_not_known()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        PlayerWorld other = new(world.Arena) { OutputShift = 1 };
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        AgreeingOutputs outputs = new([world, other], 1);
        using GamePlayer player = world.PlayerOf(
            game,
            traces: new AlphabetGameTraces(
                PlayerFixture.Letter, world.Arena.Options.L2ChainId, _ => outputs));
        GameRecord record = await world.RoundAsync(player);
        Assert.Equal(Validity.Unknown, record.Root!.Validity);
        Assert.Contains("Nodes 1 and 2 disagree", record.Root.Reason, StringComparison.Ordinal);
        Assert.Empty(record.Actions);
        other.OutputShift = 0;
        Assert.Single((await world.RoundAsync(player)).Actions);
    }

    [Fact]
    public async Task A_reorganisation_under_a_game_is_noticed()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        ArenaSnapshot before = await world.Arena.SnapshotAsync();
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        ArenaSnapshot proposed = await world.Arena.SnapshotAsync();
        int openCount = 0;
        HookedTraces traces = new(world.Traces(), () =>
        {
            openCount++;
            return Task.CompletedTask;
        });
        using GamePlayer player = world.PlayerOf(game, traces: traces);
        Block lost = await ReadAndAdvanceAsync(world);
        await world.Arena.RevertAsync(proposed);
        await world.Arena.L1.MineAsync(2);
        GameRecord record = await player.PlayAsync(lost);
        Assert.Equal(PlayerPhase.Failed, record.Phase);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        Assert.Single((await world.RoundAsync(player)).Actions);

        // The move is undone together with its block, and made again.
        await world.Arena.RevertAsync(proposed);
        Assert.Single((await game.ReadAsync()).Claims);
        Assert.Single((await world.RoundAsync(player)).Actions);
        Assert.Equal(2, (await game.ReadAsync()).Claims.Count);

        // Another game at the same address, whose root is right.
        await world.Arena.RevertAsync(before);
        GameClient other = await world.ProposeAsync(ToyWorld.Output(PlayerWorld.ClaimedBlock));
        Assert.Equal(game.Contract.Address, other.Contract.Address);
        Assert.Equal(1, openCount);
        record = await world.RoundAsync(player);
        Assert.Equal(2, openCount);
        Assert.Equal(Validity.Valid, record.Root!.Validity);
        Assert.Empty(record.Actions);
    }

    [Fact]
    public async Task A_reorganisation_while_it_thinks_undoes_the_plan()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        ArenaSnapshot proposed = await world.Arena.SnapshotAsync();
        await world.Arena.L1.AdvanceAsync(100);
        bool isDone = false;
        HookedTraces traces = new(world.Traces(), async () =>
        {
            if (!isDone)
            {
                isDone = true;
                await world.Arena.RevertAsync(proposed);
                await world.Arena.L1.MineAsync(2);
            }
        });
        using GamePlayer player = world.PlayerOf(game, traces: traces);
        GameRecord record = await world.RoundAsync(player);
        Assert.Contains("L1 was reorganised", record.Failure, StringComparison.Ordinal);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        Assert.Single((await world.RoundAsync(player)).Actions);
    }

    [Fact]
    public async Task A_step_waits_for_its_pre_image()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        NoPreimages none = new();
        using GamePlayer forgetful = world.PlayerOf(game, preimages: none);
        GameRecord record;
        do
        {
            record = await world.RoundAsync(forgetful);
            await world.ContradictAsync(game);
        }
        while (record.Actions.Count > 0);

        record = await world.RoundAsync(forgetful);
        Assert.Equal(PlayerActionKind.Step, record.Intents.Single().Kind);
        Assert.Contains(
            record.Waits, wait => wait.Reason.Contains("pre-image must exist", StringComparison.Ordinal));
        none.Obstacle = "It is too large.";
        record = await world.RoundAsync(forgetful);
        Assert.Null(record.Failure);
        Assert.Contains(record.Waits, wait => wait.Reason == none.Obstacle);
        Assert.Empty(record.Actions);
        using GamePlayer player = world.PlayerOf(game);
        record = await world.RoundAsync(player);
        Assert.Equal(
            [PlayerActionKind.LoadPreimage, PlayerActionKind.Step],
            record.Actions.Select(action => action.Intent.Kind));
    }

    [Fact]
    public async Task Another_program_plays_no_game_but_a_permissioned_one()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        IGameTraces wrong = world.Traces(PlayerFixture.Letter + 1);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using GamePlayer player = world.PlayerOf(game, traces: wrong);
        GameRecord record = await world.RoundAsync(player);
        Assert.Equal(PlayerPhase.Refused, record.Phase);
        Assert.Contains(wrong.Prestate.ToString(), record.Waits.Single().Reason, StringComparison.Ordinal);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        GameClient known = await world.ProposeAsync(PlayerWorld.Forgery, GameTypes.Permissioned);
        using GamePlayer permitted =
            world.PlayerOf(known, traces: wrong, type: GameTypes.Permissioned);
        Assert.Single((await world.RoundAsync(permitted)).Actions);

        // Only the known proposer can answer; then the dispute is about the program, which is another one.
        Game state = await known.ReadAsync();
        Bytes32 junk = Bytes32.Keccak256("junk"u8);
        _ = await known.AttackAsync(state.Claims[1], junk, state.Rules.Bonds[2]);
        record = await world.RoundAsync(permitted);
        Assert.Empty(record.Actions);
        Assert.Contains(
            record.Waits, wait => wait.Reason.Contains("The program here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_without_a_role_in_a_permissioned_game_is_told_so()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery, GameTypes.Permissioned);
        ArenaAccount helper = world.Arena.Accounts.Helper;
        using GamePlayer player = world.PlayerOf(game, type: GameTypes.Permissioned, account: helper);
        GameRecord record = await world.RoundAsync(player);
        Assert.Null(record.Failure);
        Assert.Single(record.Intents);
        Assert.Contains(record.Waits, wait => wait.Reason.Contains("BadAuth", StringComparison.Ordinal));
        Assert.Equal(0ul, await world.CountAsync(helper));
    }

    [Fact]
    public async Task A_game_of_another_version_is_not_played()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using FaultyNode other = new(world.Arena.L1.Endpoint, "other version", int.MaxValue);
        using GamePlayer player = world.PlayerOf(game, node: other.Node);
        GameRecord record = await world.RoundAsync(player);
        Assert.Contains("only 1.2.0 is known", record.Failure, StringComparison.Ordinal);
        Assert.Equal(0ul, await world.CountAsync(world.Challenger));
    }

    [Fact]
    public async Task A_claim_that_is_another_one_just_before_the_move_undoes_it()
    {
        List<string?> failures = [];
        for (int first = 1; failures.Count == 0 || failures[^1] is not null; first++)
        {
            PlayerWorld world = await PlayerWorld.StartAsync(fixture);
            GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
            using FaultyNode faulty =
                new(world.Arena.L1.Endpoint, "change due claim", 1) { FirstFault = first };
            using GamePlayer player = world.PlayerOf(game, node: faulty.Node);
            GameRecord record = await world.RoundAsync(player);
            failures.Add(faulty.FaultCount > 0 ? record.Failure ?? "" : null);
        }

        Assert.Contains(failures, failure => failure?.Contains("is another one now") == true);
    }

    [Fact]
    public async Task Another_chains_game_is_refused()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        using GamePlayer player = world.PlayerOf(
            game, traces: new AlphabetGameTraces(PlayerFixture.Letter, 10, _ => world));
        GameRecord record = await world.RoundAsync(player);
        Assert.Equal(PlayerPhase.Refused, record.Phase);
        Assert.Contains("chain id 901, not 10", record.Waits.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_without_funds_waits_for_them()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        Address account = world.Challenger.Address;
        BigInteger bond = (await game.ReadAsync()).Rules.Bonds[1];
        using GamePlayer player = world.PlayerOf(game);
        foreach (BigInteger balance in new[] { 0, bond, bond + 1 })
        {
            await world.Arena.L1.SetBalancesAsync([account], balance);
            GameRecord record = await world.RoundAsync(player);
            Assert.True(record.Failure is null, record.Failure);
            Assert.Equal(bond, record.Intents.Single().BondWei);
            Assert.Equal(
                balance <= bond,
                record.Waits.Any(wait => wait.Reason.Contains("bond alone", StringComparison.Ordinal)));
            Assert.Contains(
                record.Waits,
                wait => wait.Reason.StartsWith(account.ToString(), StringComparison.Ordinal)
                    && wait.Reason.Contains("waits for money", StringComparison.Ordinal));
            Assert.Equal(0ul, await world.CountAsync(world.Challenger));
        }

        await world.Arena.L1.SetBalancesAsync([account], bond + ArenaOptions.Ether);
        Assert.Single((await world.RoundAsync(player)).Actions);
    }

    [Fact]
    public async Task A_wrong_clock_is_told_and_decides_nothing()
    {
        PlayerWorld world = await PlayerWorld.StartAsync(fixture);
        GameClient game = await world.ProposeAsync(PlayerWorld.Forgery);
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds((long)(await world.HeadAsync()).Timestamp);
        FixedClock clock = new() { Now = time.AddSeconds(60) };
        using GamePlayer player = world.PlayerOf(game, clock: clock);
        GameRecord record = await world.RoundAsync(player);
        Assert.Empty(record.Warnings);
        Assert.Single(record.Actions);
        foreach (double hours in new[] { -9_000, 9_000 })
        {
            clock.Now = time.AddHours(hours);
            record = await world.RoundAsync(player);
            Assert.Contains(
                hours < 0 ? "before" : "after", record.Warnings.Single(), StringComparison.Ordinal);

            // By the wrong clock everything would be over, or not have begun.
            Assert.Empty(record.Actions);
            Assert.Equal(PlayerPhase.Waiting, record.Phase);
        }
    }

    private static bool IsAboutClocks(PlayerWait wait) => wait.Until is not null;

    private static async Task<Block> ReadAndAdvanceAsync(PlayerWorld world)
    {
        await world.Arena.L1.AdvanceAsync(100);
        return await world.HeadAsync();
    }

    private sealed class FixedClock : TimeProvider
    {
        internal DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    // Does something each time before a trace is opened.
    private sealed class HookedTraces(IGameTraces traces, Func<Task> hook) : IGameTraces
    {
        public Bytes32 Prestate => traces.Prestate;

        public ulong L2ChainId => traces.L2ChainId;

        public async Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation = default)
        {
            await hook();
            return await traces.OpenAsync(game, cancellation);
        }
    }

    private sealed class NoPreimages : IPreimageLoader
    {
        internal string? Obstacle { get; set; }

        public Task<IReadOnlyList<CallRequest>> PlanAsync(
            GameClient client, Game game, IntendedStep step, CancellationToken cancellation = default) =>
            Obstacle is null
                ? Task.FromResult<IReadOnlyList<CallRequest>>([])
                : throw new ChainException(ChainFailure.Abi, Obstacle);
    }
}
