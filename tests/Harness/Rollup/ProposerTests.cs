using System.Numerics;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Xunit;

namespace Culverin.Harness.Tests.Rollup;

/// <summary>Proposals to the real factory.</summary>
public sealed class ProposerTests : IAsyncLifetime
{
    private const ulong Interval = 5;

    private static readonly ProposerOptions Options = new() { IntervalBlocks = Interval };

    private RollupWorld? _world;

    private RollupWorld World => _world!;

    public async Task InitializeAsync() => _world = await RollupWorld.StartAsync();

    public async Task DisposeAsync() => await World.DisposeAsync();

    [Fact]
    public async Task Only_what_is_final_on_L1_is_proposed()
    {
        Proposer proposer = World.Proposer(Options);
        await World.Sequencer.ProduceUntilAsync(12);
        Assert.Null(await proposer.ProposeDueAsync());
        await World.Batcher.PostAsync(11);
        Assert.Null(await proposer.ProposeDueAsync());

        // An epoch of this L1 is one block: two more make the batch final.
        await World.Arena.L1.MineAsync(2);
        Proposal proposal = (await proposer.ProposeDueAsync())!;
        Assert.Equal(2 * Interval, proposal.BlockNumber);
        Assert.Equal(await World.OutputAsync(10), proposal.Output.Hash);
        await ExpectGameAsync(proposal);

        // Once is enough, also for another proposer and after a restart.
        Assert.Null(await proposer.ProposeDueAsync());
        Assert.Null(await World.Proposer(Options).ProposeDueAsync());
        Assert.Equal(1, await GameCountAsync());
    }

    [Fact]
    public async Task Every_interval_gets_its_proposal()
    {
        Proposer proposer = World.Proposer(Options with { AllowsNonFinalized = true });
        List<ulong> proposed = [];
        for (ulong number = 2; number <= 17; number++)
        {
            await World.Sequencer.ProduceUntilAsync(number);
            await World.Batcher.PostAsync();
            if (await proposer.ProposeDueAsync() is { } proposal)
            {
                await ExpectGameAsync(proposal);
                proposed.Add(proposal.BlockNumber);
            }
        }

        Assert.Equal([5, 10, 15], proposed);
    }

    [Fact]
    public async Task Blocks_whose_data_are_not_on_L1_are_not_proposed()
    {
        Proposer proposer = World.Proposer(Options with { AllowsNonFinalized = true });
        await World.Sequencer.ProduceUntilAsync(11);
        Assert.Null(await proposer.ProposeDueAsync());
        await World.Batcher.PostAsync(9);
        Assert.Equal(5ul, (await proposer.ProposeDueAsync())!.BlockNumber);
        await World.Batcher.PostAsync();
        Assert.Equal(10ul, (await proposer.ProposeDueAsync())!.BlockNumber);
    }

    private async Task ExpectGameAsync(Proposal proposal)
    {
        DisputeGameFactory.GameAtIndexResult created = await World.Arena.Contracts.Factory.ReadAsync(
            new DisputeGameFactory.GameAtIndexFunction { Index = await GameCountAsync() - 1 });
        Contract game = World.Arena.Contracts.FaultGame.At(created.Proxy);
        Assert.Equal(
            proposal.Output.Hash,
            (await game.ReadAsync(new FaultDisputeGame.RootClaimFunction())).RootClaim);
        Assert.Equal(
            proposal.BlockNumber,
            (await game.ReadAsync(new FaultDisputeGame.L2BlockNumberFunction())).L2BlockNumber);
        Assert.Equal(
            World.Arena.Accounts.Proposer.Address,
            (await game.ReadAsync(new FaultDisputeGame.GameCreatorFunction())).Creator);
        DelayedWETH.BalanceOfResult bond = await World.Arena.Contracts.Weth.ReadAsync(
            new DelayedWETH.BalanceOfFunction { Value = game.Address });
        Assert.Equal(World.Arena.Options.InitialBond, bond.Value);
    }

    private async Task<BigInteger> GameCountAsync() =>
        (await World.Arena.Contracts.Factory.ReadAsync(new DisputeGameFactory.GameCountFunction()))
            .GameCount;
}
