using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;

namespace Culverin.Harness.Tests.Sending;

public sealed class TransactionSenderTests(AnvilFixture fixture) : IClassFixture<AnvilFixture>
{
    private static readonly TransactionSenderOptions Impatient = new()
    {
        ResubmitDelay = TimeSpan.FromMilliseconds(50),
        ReceiptPollDelay = TimeSpan.FromMilliseconds(5),
        AttemptCountMax = 40,
    };

    private int _accountCount;

    [Fact]
    public async Task Numbers_follow_each_other_from_several_threads()
    {
        using TransactionSender sender = await NewSenderAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sender.SendAsync(ToSelf(sender))));
        Assert.Equal(20ul, await fixture.Node.GetNonceAsync(sender.Address));
    }

    [Fact]
    public async Task What_would_revert_is_not_sent_and_its_reason_is_told()
    {
        using TransactionSender sender = await NewSenderAsync();
        ContractArtifact artifact =
            ContractArtifact.Find(Repository.Packages.ContractArtifacts, "SuperchainConfig");
        TransactionReceipt created = await sender.SendAsync(
            new CallRequest { From = sender.Address, Data = artifact.CreationCode([]) });
        Contract contract = new("SuperchainConfig", fixture.Node, created.CreatedContract!.Value);
        CallRequest pause = contract.Request(
            sender.Address, new SuperchainConfig.PauseFunction { Identifier = "why" });
        RevertedException error = await Assert.ThrowsAsync<RevertedException>(() => sender.SendAsync(pause));
        Assert.Equal("SuperchainConfig: only guardian can pause", error.Reason.Text);
        Assert.Equal("the caller is not the guardian", error.Reason.Hint);
        Assert.Null(error.Receipt);
        Assert.Equal(1ul, await fixture.Node.GetNonceAsync(sender.Address));
        error = await Assert.ThrowsAsync<RevertedException>(
            () => sender.SendAsync(pause with { GasLimit = 200_000 }));
        Assert.Equal("SuperchainConfig: only guardian can pause", error.Reason.Text);
        Assert.False(error.Receipt!.Succeeded);
        Assert.Equal(2ul, await fixture.Node.GetNonceAsync(sender.Address));
    }

    [Fact]
    public async Task A_transaction_that_waits_is_sent_again_with_a_higher_fee()
    {
        await using Anvil anvil = await StillAsync();
        using TransactionSender sender = await NewSenderAsync(anvil, Impatient);
        Task<TransactionReceipt> sending = sender.SendAsync(ToSelf(sender));
        BigInteger first = await WaitingFeeAsync(anvil.Node, sender.Address, BigInteger.Zero);
        _ = await WaitingFeeAsync(anvil.Node, sender.Address, first);
        await MineAsync(anvil);
        TransactionReceipt receipt = await sending;
        Assert.True(receipt.Succeeded);
        Assert.Equal(1ul, await anvil.Node.GetNonceAsync(sender.Address));
    }

    [Fact]
    public async Task What_a_killed_sender_left_is_replaced_and_never_done_twice()
    {
        await using Anvil anvil = await StillAsync();
        PrivateKey key = NewKey();
        Address receiver = Address.OfCreated(key.Address, 1_000);
        CallRequest payment = new() { From = key.Address, To = receiver, Value = 5 };
        await FundAsync(anvil, key.Address);
        using (TransactionSender killed = new(anvil.Node, new LocalSigner(key), Impatient))
        using (CancellationTokenSource stop = new())
        {
            Task<TransactionReceipt> sending = killed.SendAsync(payment, stop.Token);
            _ = await WaitingFeeAsync(anvil.Node, key.Address, BigInteger.Zero);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        }

        using TransactionSender next = new(anvil.Node, new LocalSigner(key), Impatient);
        BigInteger left = await WaitingFeeAsync(anvil.Node, key.Address, BigInteger.Zero);
        Task<TransactionReceipt> again = next.SendAsync(payment);
        _ = await WaitingFeeAsync(anvil.Node, key.Address, left);
        await MineAsync(anvil);
        Assert.True((await again).Succeeded);
        await MineAsync(anvil);
        Assert.Equal(5, await anvil.Node.GetBalanceAsync(receiver));
        Assert.Equal(1ul, await anvil.Node.GetNonceAsync(key.Address));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_number_that_another_took_is_noticed_before_long(int renumberCount)
    {
        await using Anvil anvil = await StillAsync();
        PrivateKey key = NewKey();
        await FundAsync(anvil, key.Address);
        TransactionSenderOptions patient = Impatient with
        {
            ResubmitDelay = TimeSpan.FromHours(1),
            RenumberCountMax = renumberCount,
        };
        using TransactionSender sender = new(anvil.Node, new LocalSigner(key), patient);
        Task<TransactionReceipt> sending = sender.SendAsync(ToSelf(sender));
        BigInteger fee = await WaitingFeeAsync(anvil.Node, key.Address, BigInteger.Zero);
        SignedTransaction other = new FeeMarketTransaction
        {
            ChainId = await anvil.Node.GetChainIdAsync(),
            To = default(Address),
            GasLimit = 21_000,
            MaxFeePerGas = 2 * fee,
            MaxPriorityFeePerGas = 2 * fee,
        }.Sign(key);
        _ = await anvil.Node.SubmitRawAsync(other.Encode());
        await MineAsync(anvil);
        if (renumberCount == 0)
        {
            ChainException error = await Assert.ThrowsAsync<ChainException>(() => sending);
            Assert.Equal(ChainFailure.Replaced, error.Failure);
            return;
        }

        _ = await WaitingFeeAsync(anvil.Node, key.Address, BigInteger.Zero);
        await MineAsync(anvil);
        Assert.True((await sending).Succeeded);
        Assert.Equal(2ul, await anvil.Node.GetNonceAsync(key.Address));
    }

    [Fact]
    public async Task Waiting_transactions_can_be_cancelled()
    {
        await using Anvil anvil = await StillAsync();
        PrivateKey key = NewKey();
        Address receiver = Address.OfCreated(key.Address, 1_000);
        await FundAsync(anvil, key.Address);
        for (ulong nonce = 0; nonce < 3; nonce++)
        {
            SignedTransaction payment = new FeeMarketTransaction
            {
                ChainId = await anvil.Node.GetChainIdAsync(),
                Nonce = nonce,
                To = receiver,
                Value = 5,
                GasLimit = 21_000,
                MaxFeePerGas = new BigInteger(3_000_000_000),
                MaxPriorityFeePerGas = 1,
            }.Sign(key);
            _ = await anvil.Node.SubmitRawAsync(payment.Encode());
        }

        // Mining one block at a time: a block takes the replaced first one and whatever still follows it.
        using TransactionSender sender = new(anvil.Node, new LocalSigner(key), Impatient);
        Task<int> cancelling = sender.CancelPendingAsync();
        _ = await WaitingFeeAsync(anvil.Node, key.Address, new BigInteger(3_000_000_000));
        while (!cancelling.IsCompleted)
        {
            await MineAsync(anvil);
            await Task.Delay(20);
        }

        Assert.InRange(await cancelling, 1, 3);
        Assert.Equal(3ul, await anvil.Node.GetNonceAsync(key.Address));
        Assert.True(await anvil.Node.GetBalanceAsync(receiver) <= 10);
    }

    [Fact]
    public async Task An_account_without_funds_is_told_so()
    {
        using TransactionSender sender = new(fixture.Node, new LocalSigner(NewKey()));
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => sender.SendAsync(ToSelf(sender) with { GasLimit = 21_000 }));
        Assert.Equal(ChainFailure.Funds, error.Failure);
    }

    [Fact]
    public async Task Fees_stay_below_the_limit()
    {
        TransactionSenderOptions poor = Impatient with { MaxFeePerGasLimit = 1 };
        using TransactionSender sender = await NewSenderAsync(fixture.Anvil, poor);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => sender.SendAsync(ToSelf(sender)));
        Assert.Equal(ChainFailure.FeeLimit, error.Failure);
        Assert.Contains("at most 0.000000001 are offered", error.Message, StringComparison.Ordinal);
        Assert.Equal(0ul, await fixture.Node.GetNonceAsync(sender.Address));
    }

    [Fact]
    public async Task A_transaction_that_waits_at_the_limit_is_told_so()
    {
        await using Anvil anvil = await StillAsync();
        Block newest = await anvil.Node.GetBlockAsync(BlockReference.Latest);
        TransactionSenderOptions tight = Impatient with
        {
            AttemptCountMax = 2,
            MaxFeePerGasLimit = newest.Header.BaseFeePerGas + 7,
        };
        using TransactionSender sender = await NewSenderAsync(anvil, tight);
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => sender.SendAsync(ToSelf(sender) with { GasLimit = 21_000 }));
        Assert.Equal(ChainFailure.Deadline, error.Failure);
        Assert.Contains("are not allowed here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_never_makes_a_block_ends_the_attempts()
    {
        await using Anvil anvil = await StillAsync();
        using TransactionSender sender =
            await NewSenderAsync(anvil, Impatient with { AttemptCountMax = 3 });
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => sender.SendAsync(ToSelf(sender)));
        Assert.Equal(ChainFailure.Deadline, error.Failure);
    }

    [Fact]
    public async Task Another_accounts_call_is_refused()
    {
        using TransactionSender sender = await NewSenderAsync();
        CallRequest call = new() { From = default };
        await Assert.ThrowsAsync<ArgumentException>(() => sender.SendAsync(call));
        call = ToSelf(sender) with { Nonce = 1 };
        await Assert.ThrowsAsync<ArgumentException>(() => sender.SendAsync(call));
    }

    private static CallRequest ToSelf(TransactionSender sender) =>
        new() { From = sender.Address, To = sender.Address };

    private PrivateKey NewKey() =>
        new(Bytes32.Keccak256(Bytes32.FromInteger(++_accountCount + GetHashCode()).ToArray()).ToArray());

    private Task<TransactionSender> NewSenderAsync() => NewSenderAsync(fixture.Anvil, null);

    private async Task<TransactionSender> NewSenderAsync(Anvil anvil, TransactionSenderOptions? options)
    {
        PrivateKey key = NewKey();
        await FundAsync(anvil, key.Address);
        return new TransactionSender(anvil.Node, new LocalSigner(key), options);
    }

    private static Task<JsonElement> FundAsync(Anvil anvil, Address account) =>
        anvil.Node.Rpc.CallAsync(JsonRpcRequest.Create(
            "anvil_setBalance", account.ToString(), Hex.FormatQuantity(BigInteger.Pow(10, 18))));

    // A node that makes a block only when told.
    private static async Task<Anvil> StillAsync()
    {
        Anvil anvil = await Anvil.StartAsync(Repository.Packages);
        _ = await anvil.Node.Rpc.CallAsync(
            new JsonRpcRequest("evm_setAutomine", writer => writer.WriteBooleanValue(false)));
        return anvil;
    }

    private static Task<JsonElement> MineAsync(Anvil anvil) =>
        anvil.Node.Rpc.CallAsync(JsonRpcRequest.Create("evm_mine"));

    // Waits until a transaction of the account waits whose fee cap is above a bound, and returns the cap.
    private static async Task<BigInteger> WaitingFeeAsync(
        EthereumNode node, Address account, BigInteger bound)
    {
        while (true)
        {
            JsonElement pool = await node.Rpc.CallAsync(JsonRpcRequest.Create("txpool_content"));
            BigInteger[] fees =
            [
                .. pool.GetProperty("pending").EnumerateObject()
                    .Where(sender => Address.Parse(sender.Name) == account)
                    .SelectMany(sender => sender.Value.EnumerateObject())
                    .Select(entry => Hex.ReadLargeQuantity(entry.Value.GetProperty("maxFeePerGas"))),
            ];
            if (fees.Any(fee => fee > bound))
            {
                return fees.Max();
            }

            await Task.Delay(5);
        }
    }
}
