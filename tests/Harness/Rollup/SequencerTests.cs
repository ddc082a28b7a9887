using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;

namespace Culverin.Harness.Tests.Rollup;

/// <summary>The blocks of a living L2.</summary>
public sealed class SequencerTests : IAsyncLifetime
{
    private static readonly Address Stranger = Address.Parse("0x00000000000000000000000000000000000abcde");

    private RollupWorld? _world;

    private RollupWorld World => _world!;

    public async Task InitializeAsync() => _world = await RollupWorld.StartAsync();

    public async Task DisposeAsync() => await World.DisposeAsync();

    [Fact]
    public async Task Every_block_starts_with_what_it_knows_of_L1()
    {
        for (ulong sequence = 0; sequence < 3; sequence++)
        {
            Block block = await World.Sequencer.ProduceAsync();
            L1Attributes attributes = (await AttributesAsync(block))!;
            Assert.Equal(World.Sequencer.Origin.Hash, attributes.OriginHash);
            Assert.Equal(sequence, attributes.SequenceNumber);
            Assert.Equal(World.Config.Batcher, attributes.Batcher);
        }

        await World.Arena.L1.MineAsync(3);
        Block next = await World.Sequencer.ProduceAsync();
        L1Attributes later = (await AttributesAsync(next))!;
        Block head = await World.L1HeadAsync();
        Assert.Equal((head.Number, head.Hash), (later.OriginNumber, later.OriginHash));
        Assert.Equal(0ul, later.SequenceNumber);

        // The L2's own contract has taken it in.
        Contract l1Block = World.Arena.Predeploys.L1Block;
        Assert.Equal(head.Number, (await l1Block.ReadAsync(new L1Block.NumberFunction())).Value);
        Assert.Equal(head.Hash, (await l1Block.ReadAsync(new L1Block.HashFunction())).Value);
        Assert.True(next.Timestamp >= head.Timestamp);
    }

    [Fact]
    public async Task Deposits_arrive_to_the_wei_and_in_their_order()
    {
        ArenaAccount user = World.Arena.Accounts.User;
        ArenaAccount helper = World.Arena.Accounts.Helper;
        BigInteger before = await World.L2.GetBalanceAsync(user.Address);

        // One L1 block with two deposits of one sender and one of another between them.
        await World.Arena.L1.SetAutomineAsync(false);
        Task<TransactionReceipt>[] sendings =
        [
            World.DepositAsync(user, Stranger, 1_000),
            World.DepositAsync(helper, Stranger, 20),
        ];
        while (!sendings.All(sending => sending.IsCompleted))
        {
            await World.Arena.L1.MineAsync();
            await Task.WhenAny(Task.WhenAll(sendings), Task.Delay(50));
        }

        await World.Arena.L1.SetAutomineAsync(true);
        await World.DepositAsync(user, Stranger, 300);
        await World.DepositAsync(user, user.Address, 4_000);
        Block first = await World.Sequencer.ProduceAsync();
        while (World.Sequencer.WaitingDepositCount > 0)
        {
            await World.Sequencer.ProduceAsync();
        }

        Assert.Equal(1_320, await World.L2.GetBalanceAsync(Stranger));
        Assert.Equal(before + 4_000, await World.L2.GetBalanceAsync(user.Address));

        // The node holds one deposit of each sender at a time, so the user's were spread over three blocks.
        Block last = await World.L2.GetBlockAsync(BlockReference.Latest);
        Assert.Equal(first.Number + 2, last.Number);
        List<BigInteger> values = [];
        for (ulong number = first.Number; number <= last.Number; number++)
        {
            values.AddRange((await TransactionsAsync(await World.L2BlockAsync(number)))
                .Skip(1)
                .Select(transaction => transaction.Value));
        }

        Assert.Equal(new BigInteger[] { 20, 300, 1_000, 4_000 }, values.Order());
        Assert.True(values.IndexOf(1_000) < values.IndexOf(300));
        Assert.Equal(4_000, values[^1]);
    }

    [Fact]
    public async Task A_deposit_that_fails_keeps_its_ether()
    {
        // The L1 attributes contract refuses everybody but its depositor.
        ArenaAccount user = World.Arena.Accounts.User;
        BigInteger before = await World.L2.GetBalanceAsync(user.Address);
        await World.Arena.OnL1(user).SendAsync(World.Deposit(user, L1Attributes.L1Block, 77, [1, 2, 3, 4]));
        Block block = await World.Sequencer.ProduceAsync();
        TransactionReceipt receipt = (await World.L2.FindReceiptAsync(block.TransactionHashes[1]))!;
        Assert.False(receipt.Succeeded);
        Assert.Equal(before + 77, await World.L2.GetBalanceAsync(user.Address));
    }

    [Fact]
    public async Task Deposits_come_before_what_users_sent_earlier()
    {
        ArenaAccount helper = World.Arena.Accounts.Helper;
        CallRequest payment = new() { From = helper.Address, To = Stranger, Value = 5, GasLimit = 21_000 };
        Task<TransactionReceipt> sending = World.Arena.OnL2(helper).SendAsync(payment);
        await WaitForPoolAsync();
        await World.DepositAsync(World.Arena.Accounts.User, Stranger, 6);
        Block block = await World.Sequencer.ProduceAsync();
        Transaction[] transactions = await TransactionsAsync(block);
        Assert.Equal(
            [TransactionType.Deposit, TransactionType.Deposit, TransactionType.FeeMarket],
            transactions.Select(transaction => transaction.Type));
        Assert.Equal(block.Hash, (await sending).BlockHash);
        Assert.Equal(11, await World.L2.GetBalanceAsync(Stranger));
    }

    [Fact]
    public async Task Another_sequencer_goes_on_where_the_first_stopped()
    {
        ArenaAccount user = World.Arena.Accounts.User;
        for (ulong wei = 1; wei <= 3; wei++)
        {
            await World.DepositAsync(user, Stranger, wei);
        }

        Block block = await World.Sequencer.ProduceAsync();
        Assert.Equal(2, World.Sequencer.WaitingDepositCount);
        await World.RestartSequencerAsync();
        Assert.Equal(2, World.Sequencer.WaitingDepositCount);
        await World.Sequencer.ProduceUntilAsync(block.Number + 4);
        Assert.Equal(6, await World.L2.GetBalanceAsync(Stranger));
        L1Attributes attributes =
            (await AttributesAsync(await World.L2.GetBlockAsync(BlockReference.Latest)))!;
        Assert.Equal(4ul, attributes.SequenceNumber);
    }

    [Fact]
    public async Task An_L1_that_lost_the_origin_is_not_followed()
    {
        ArenaSnapshot before = await World.Arena.SnapshotAsync();
        await World.Arena.L1.MineAsync(2);
        await World.Sequencer.ProduceAsync();
        await World.Arena.L1.GoBackAsync(before.L1);
        await World.Arena.L1.AdvanceAsync(100);
        await World.Arena.L1.MineAsync(2);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => World.Sequencer.ProduceAsync());
        Assert.Contains("L1 has lost block", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_makes_blocks_by_itself_when_there_is_a_reason()
    {
        using System.Threading.CancellationTokenSource stop = new();
        Task running = World.Sequencer.RunAsync(TimeSpan.FromMilliseconds(10), stop.Token);
        await World.DepositAsync(World.Arena.Accounts.User, Stranger, 9);
        ArenaAccount helper = World.Arena.Accounts.Helper;
        CallRequest payment = new() { From = helper.Address, To = Stranger, Value = 1, GasLimit = 21_000 };
        TransactionReceipt receipt = await World.Arena.OnL2(helper).SendAsync(payment);
        Assert.True(receipt.Succeeded);
        while (await World.L2.GetBalanceAsync(Stranger) != 10)
        {
            Assert.False(running.IsCompleted);
            await Task.Delay(10);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private async Task WaitForPoolAsync()
    {
        while (true)
        {
            JsonRpcRequest request = JsonRpcRequest.Create("txpool_status");
            if ((await World.L2.Rpc.CallAsync(request)).GetProperty("pending").GetString() != "0x0")
            {
                return;
            }

            await Task.Delay(5);
        }
    }

    private async Task<Transaction[]> TransactionsAsync(Block block) =>
        [.. (await RawTransactions.ReadAsync(World.L2, block.Header)).Select(raw => Transaction.Decode(raw))];

    private async Task<L1Attributes?> AttributesAsync(Block block) =>
        L1Attributes.TryRead((await TransactionsAsync(block))[0]);
}
