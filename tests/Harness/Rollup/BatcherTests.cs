using Culverin.Harness.Arenas;
using Culverin.Harness.Local;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Rollup;

/// <summary>Batches on L1, and the L2 as they tell it.</summary>
public sealed class BatcherTests : IAsyncLifetime
{
    private RollupWorld? _world;

    private RollupWorld World => _world!;

    public async Task InitializeAsync() => _world = await RollupWorld.StartAsync();

    public async Task DisposeAsync() => await World.DisposeAsync();

    [Fact]
    public async Task Everything_is_posted_once()
    {
        Block last = await World.Sequencer.ProduceUntilAsync(6);
        Assert.Equal(1, await World.Batcher.PostAsync());
        Assert.Equal(last.Hash, (await FollowAsync(await World.L1HeadAsync())).Hash);
        Assert.Equal(0, await World.Batcher.PostAsync());
        Assert.Equal(0, await NewBatcher().PostAsync());

        last = await World.Sequencer.ProduceUntilAsync(8);
        Assert.Equal(1, await NewBatcher().PostAsync());
        Assert.Equal(last.Hash, (await FollowAsync(await World.L1HeadAsync())).Hash);
    }

    [Fact]
    public async Task Many_blocks_take_several_transactions()
    {
        Block last = await World.Sequencer.ProduceUntilAsync(150);
        int count = await World.Batcher.PostAsync();
        Assert.InRange(count, 2, 4);
        Assert.Equal(last.Hash, (await FollowAsync(await World.L1HeadAsync())).Hash);
    }

    [Fact]
    public async Task An_earlier_L1_block_knows_less()
    {
        await World.Sequencer.ProduceUntilAsync(5);
        await World.Batcher.PostAsync(3);
        Block early = await World.L1HeadAsync();
        await World.Arena.L1.MineAsync(3);
        Block between = await World.L1HeadAsync();
        await World.Batcher.PostAsync();
        Block late = await World.L1HeadAsync();
        DerivedChain derived = new(World.L1, World.Config);
        (Block Head, ulong Number)[] expected = [(late, 5), (early, 3), (between, 3), (late, 5)];
        foreach ((Block head, ulong number) in expected)
        {
            BlockHeader first = (await World.L2BlockAsync(0)).Header;
            Assert.Equal(number, (await derived.FollowAsync(first, head)).Number);
            BlockHeader second = (await World.L2BlockAsync(2)).Header;
            Assert.Equal(number, (await derived.FollowAsync(second, head)).Number);
        }

        Block genesis = await World.L1.GetBlockAsync(0ul);
        Assert.Equal(0ul, (await derived.FollowAsync((await World.L2BlockAsync(0)).Header, genesis)).Number);
    }

    [Fact]
    public async Task A_reorganised_L1_forgets_and_is_posted_to_again()
    {
        await World.Sequencer.ProduceUntilAsync(4);
        BlockHeader first = (await World.L2BlockAsync(0)).Header;
        DerivedChain derived = new(World.L1, World.Config);
        await World.Batcher.PostAsync(2);
        AnvilSnapshot before = await World.Arena.L1.SnapshotAsync();
        await World.Batcher.PostAsync(4);
        await World.Arena.L1.MineAsync(2);
        Assert.Equal(4ul, (await derived.FollowAsync(first, await World.L1HeadAsync())).Number);

        await World.Arena.L1.RevertAsync(before);
        await World.Arena.L1.AdvanceAsync(500);
        Assert.Equal(2ul, (await derived.FollowAsync(first, await World.L1HeadAsync())).Number);
        Assert.Equal(1, await World.Batcher.PostAsync());
        Assert.Equal(4ul, (await derived.FollowAsync(first, await World.L1HeadAsync())).Number);
    }

    [Fact]
    public async Task An_L2_that_changed_after_it_was_posted_is_refused()
    {
        ChainSnapshot before = await World.Arena.L2.RememberAsync();
        await World.Sequencer.ProduceUntilAsync(4);
        await World.Batcher.PostAsync();
        await World.Arena.L2.GoBackAsync(before);
        await World.Arena.L1.MineAsync(1);
        await World.RestartSequencerAsync();
        await World.Sequencer.ProduceUntilAsync(6);
        ChainException error = await Assert.ThrowsAsync<ChainException>(() => World.Batcher.PostAsync());
        Assert.Contains("L1 holds another L2 block", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_batchers_transactions_to_the_inbox_count()
    {
        await World.Sequencer.ProduceUntilAsync(3);
        byte[] batch = Batch.Encode(
            [(await World.L2BlockAsync(1)).Header, (await World.L2BlockAsync(2)).Header]);
        Address elsewhere = RollupConfig.InboxOf(902);
        await SendAsync(World.Arena.Accounts.Thief, World.Config.BatchInbox, batch);
        await SendAsync(World.Arena.Accounts.Batcher, elsewhere, batch);
        await SendAsync(World.Arena.Accounts.Batcher, World.Config.BatchInbox, [.. batch, 0]);
        Assert.Equal(0ul, (await FollowAsync(await World.L1HeadAsync())).Number);
        await SendAsync(World.Arena.Accounts.Batcher, World.Config.BatchInbox, batch);
        Assert.Equal(2ul, (await FollowAsync(await World.L1HeadAsync())).Number);
    }

    private Task<TransactionReceipt> SendAsync(ArenaAccount from, Address to, byte[] data) =>
        World.Arena.OnL1(from).SendAsync(new CallRequest { From = from.Address, To = to, Data = data });

    private Batcher NewBatcher() =>
        new(World.L1, World.L2, World.Arena.OnL1(World.Arena.Accounts.Batcher), World.Config);

    private async Task<BlockHeader> FollowAsync(Block l1Head) =>
        await new DerivedChain(World.L1, World.Config)
            .FollowAsync((await World.L2BlockAsync(0)).Header, l1Head);
}
