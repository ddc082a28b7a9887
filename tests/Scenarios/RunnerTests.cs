using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Scenarios.Tests;

/// <summary>The runner tells what goes wrong in a scenario, and goes on.</summary>
public sealed class RunnerTests(RunnerFixture fixture) : IClassFixture<RunnerFixture>
{
    [Fact]
    public async Task A_broken_expectation_is_told()
    {
        ScenarioResult result = await PlayAsync(async run =>
        {
            await Task.Yield();
            run.Expect("The first", 1, 1);
            run.Expect("The number of moons", 1, 2);
            throw new InvalidOperationException("This is not reached.");
        });
        Assert.False(result.Held);
        Assert.Equal("The number of moons: expected 1, got 2.", result.Failure);
        Assert.Equal(("1", "2", 2), (result.Expected, result.Got, result.ExpectationCount));
    }

    [Fact]
    public async Task Whatever_a_body_throws_is_its_result()
    {
        ScenarioResult result = await PlayAsync(_ => throw new InvalidOperationException("No luck."));
        Assert.False(result.Held);
        Assert.Equal("InvalidOperationException: No luck.", result.Failure);
        result = await PlayAsync(
            _ => throw new ChainException(ChainFailure.Unreachable, "The node is gone."));
        Assert.Equal("The node is gone.", result.Failure);
    }

    [Fact]
    public async Task Scenarios_are_played_on_the_arenas_that_the_runner_is_given()
    {
        OtherStarter other = new();
        await using ScenarioRunner runner = new(Repository.Packages, parallelCount: 1, arenas: other);
        IArena? played = null;
        Scenario scenario = Make(run =>
        {
            played = run.Arena;
            return Task.CompletedTask;
        });
        ScenarioResult result = await runner.RunAsync(scenario, new ScenarioVariant());
        Assert.Equal(other.Name, result.Arena);
        Assert.Same(other.Started, played);
        Assert.NotNull(played);
    }

    [Fact]
    public async Task A_body_without_end_is_ended()
    {
        Scenario scenario = Make(run => Task.Delay(Timeout.InfiniteTimeSpan, run.Cancellation)) with
        {
            Deadline = TimeSpan.FromSeconds(10),
        };
        ScenarioResult result = await fixture.Runner.RunAsync(scenario, new ScenarioVariant());
        Assert.Equal("It did not end in 10 s.", result.Failure);
        using CancellationTokenSource interrupt = new();
        await interrupt.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => fixture.Runner.RunAsync(scenario, new ScenarioVariant(), interrupt.Token));
    }

    [Fact]
    public async Task A_broken_rule_is_a_failure()
    {
        ScenarioResult result = await PlayAsync(run =>
        {
            run.AddViolation(SolverRules.DoNotCounterSelf);
            run.ExpectOutcome("done", "done");
            return Task.CompletedTask;
        });
        Assert.Null(result.Failure);
        Assert.False(result.Held);
    }

    [Fact]
    public async Task Ether_that_goes_to_nobody_known_is_missed()
    {
        Address nobody = Address.OfCreated(default, 99);
        ScenarioResult result = await PlayAsync(run => PayAsync(run, nobody));
        Assert.Equal("Wei that are missing: expected 0, got -7.", result.Failure);
        result = await PlayAsync(run =>
        {
            run.Watch(nobody);
            return PayAsync(run, nobody);
        });
        Assert.True(result.Held, result.Failure);
        Assert.Equal(1, result.Ledger!.TransactionCount);
        Assert.Equal(7, result.Ledger.Gains[nobody]);
        Assert.Equal(21_000ul, result.Ledger.Gas);
    }

    [Fact]
    public async Task A_bond_is_counted_and_a_missing_one_missed()
    {
        ScenarioResult result = await PlayAsync(ProposeAsync);
        Assert.True(result.Held, result.Failure);
        BigInteger bond = result.Scenario.Options(result.Variant).InitialBond;
        Assert.Equal((bond, 0, bond), (result.Ledger!.BondsIn, result.Ledger.BondsOut, result.Ledger.Held));
        result = await PlayAsync(async run =>
        {
            // Ether that is no bond comes to where the bonds are.
            await ProposeAsync(run);
            Address holder = run.Arena.Contracts.Weth.Address;
            await run.Arena.L1.SetBalancesAsync([holder], bond + 1);
            await run.Arena.L1.MineAsync();
        });
        Assert.Equal("Wei of bonds that are missing: expected 0, got -1.", result.Failure);
    }

    [Fact]
    public async Task Every_scenario_begins_at_the_beginning()
    {
        List<ulong> heads = [];
        for (int time = 0; time < 2; time++)
        {
            _ = await PlayAsync(async run =>
            {
                heads.Add(await run.Arena.L1.Node.GetBlockNumberAsync());
                await run.Arena.L1.SetBlockIntervalAsync(0);
                await ((Anvil)run.Arena.L2).SetAutomineAsync(false);
                await run.Arena.L1.MineAsync(5);
            });
        }

        Assert.Equal(heads[0], heads[1]);
        ScenarioResult result = await PlayAsync(async run =>
        {
            // The nodes work as they did, too.
            Block before = await run.Arena.L1.Node.GetBlockAsync(BlockReference.Latest);
            await PayAsync(run, run.Arena.Accounts.Helper.Address);
            Block after = await run.Arena.L1.Node.GetBlockAsync(BlockReference.Latest);
            run.Expect("Seconds between two blocks", 1ul, after.Timestamp - before.Timestamp);
            TransactionSender user = run.Arena.OnL2(run.Arena.Accounts.User);
            _ = await user.SendAsync(new CallRequest { From = user.Address, To = user.Address });
        });
        Assert.True(result.Held, result.Failure);
    }

    [Fact]
    public async Task A_line_has_all_fields()
    {
        ScenarioResult result = await PlayAsync(async run =>
        {
            await ProposeAsync(run);
            run.AddVmSteps(12);
            run.AddViolation(SolverRules.DoNotCounterSelf);
            run.ExpectOutcome(3, 3);
        });
        string line = ScenarioJson.Line(result);
        Assert.DoesNotContain('\n', line);
        using JsonDocument json = JsonDocument.Parse(line);
        JsonElement root = json.RootElement;
        Assert.Equal(
            [
                "schemaVersion", "scenario", "variant", "vm", "arena", "expected", "got", "held", "failure",
                "expectations", "rulesViolated", "transactions", "bondsInWei", "bondsOutWei", "bondsHeldWei",
                "gas", "wallMilliseconds", "vmSteps",
            ],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("T1", root.GetProperty("scenario").GetString());
        Assert.Equal("only", root.GetProperty("variant").GetString());
        Assert.Equal("mips32", root.GetProperty("vm").GetString());
        Assert.Equal("classic", root.GetProperty("arena").GetString());
        Assert.Equal("3", root.GetProperty("expected").GetString());
        Assert.Equal("3", root.GetProperty("got").GetString());
        Assert.False(root.GetProperty("held").GetBoolean());
        Assert.Equal("80000000000000000", root.GetProperty("bondsInWei").GetString());
        Assert.Equal(1, root.GetProperty("transactions").GetInt32());
        Assert.Equal(12, root.GetProperty("vmSteps").GetInt32());
        Assert.Equal(
            [SolverRules.DoNotCounterSelf],
            root.GetProperty("rulesViolated").EnumerateArray().Select(rule => rule.GetString()));
        Assert.Equal(result.Ledger!.Gas, root.GetProperty("gas").GetUInt64());
    }

    private static Scenario Make(Func<ScenarioRun, Task> body) => new()
    {
        Id = "T1",
        Title = "a test",
        Proves = "nothing",
        Options = _ => new ArenaOptions(),
        Body = body,
    };

    private static Task<TransactionReceipt> PayAsync(ScenarioRun run, Address to)
    {
        TransactionSender helper = run.Arena.OnL1(run.Arena.Accounts.Helper);
        return helper.SendAsync(
            new CallRequest { From = helper.Address, To = to, Value = 7, GasLimit = 21_000 });
    }

    private static Task<TransactionReceipt> ProposeAsync(ScenarioRun run)
    {
        TransactionSender proposer = run.Arena.OnL1(run.Arena.Accounts.Proposer);
        return proposer.SendAsync(run.Arena.Contracts.Factory.Request(
            proposer.Address,
            new DisputeGameFactory.CreateFunction
            {
                RootClaim = Bytes32.Keccak256("root"u8),
                ExtraData = Bytes32.FromInteger(9).ToArray(),
            },
            run.Arena.Options.InitialBond));
    }

    private Task<ScenarioResult> PlayAsync(Func<ScenarioRun, Task> body) =>
        fixture.Runner.RunAsync(Make(body), new ScenarioVariant());

    private sealed class OtherStarter : IArenaStarter
    {
        public string Name => "another";

        internal IArena? Started { get; private set; }

        public async Task<IArena> StartAsync(
            NodePackages packages, ArenaOptions options, CancellationToken cancellation)
        {
            Assert.Null(Started);
            Started = await new ClassicArenaStarter().StartAsync(packages, options, cancellation);
            return Started;
        }
    }
}
