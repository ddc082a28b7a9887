using System.Numerics;
using System.Text.Json;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rpc.Transport;
using Culverin.Harness.Values;
using Nethereum.Hex.HexTypes;
using Nethereum.JsonRpc.Client;
using Nethereum.RPC.Eth;
using Nethereum.RPC.Eth.DTOs;
using Nethereum.Web3;
using Xunit;

namespace Culverin.Harness.Tests.Rpc;

/// <summary>
/// A Web3 over the strict client: what Nethereum's own transport accepts is refused, and what is right
/// arrives.
/// </summary>
public sealed class NethereumClientTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    private const string Hash = "0x1111111111111111111111111111111111111111111111111111111111111111";

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""")]
    [InlineData("""{"jsonrpc":"2.0","result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":2,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"id":1,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"0x2","result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"5"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":5}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":"0x"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"a":"0x1"}}""")]
    public async Task A_hostile_answer_is_refused(string body)
    {
        using ScriptedServer server = ScriptedServer.Answering(body);
        using JsonRpcClient rpc = new(server.Endpoint);
        Web3 web3 = new(new NethereumClient(rpc));
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => web3.Eth.ChainId.SendRequestAsync());
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);
    }

    [Theory]
    [InlineData("status", "5")]
    [InlineData("gasUsed", "21000")]
    [InlineData("blockNumber", "-0x1")]
    public async Task A_number_within_a_receipt_is_read_strictly(string name, string value)
    {
        string receipt = $$$"""{"jsonrpc":"2.0","id":1,"result":{"{{{name}}}":"{{{value}}}"}}""";
        using ScriptedServer server = ScriptedServer.Answering(receipt);
        using JsonRpcClient rpc = new(server.Endpoint);
        Web3 web3 = new(new NethereumClient(rpc));
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => web3.Eth.Transactions.GetTransactionReceipt.SendRequestAsync(Hash));
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);
    }

    [Theory]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":"0x1"}]""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":"0x1"},{"jsonrpc":"2.0","id":1,"result":"0x1"}]""")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"result":"0x1"},{"jsonrpc":"2.0","id":2,"result":"5"}]""")]
    public async Task A_hostile_answer_to_a_batch_is_refused(string body)
    {
        using ScriptedServer server = ScriptedServer.Answering(body);
        using JsonRpcClient rpc = new(server.Endpoint);
        Web3 web3 = new(new NethereumClient(rpc));
        RpcRequestResponseBatch batch = new();
        EthChainId question = new(web3.Client);
        foreach (int id in new[] { 1, 2 })
        {
            batch.BatchItems.Add(new RpcRequestResponseBatchItem<EthChainId, HexBigInteger>(
                question, question.BuildRequest(id)));
        }

        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => web3.Client.SendBatchRequestAsync(batch));
        Assert.Equal(ChainFailure.BadAnswer, error.Failure);
    }

    [Fact]
    public async Task A_body_without_end_is_cut()
    {
        using var server = ScriptedServer.Endless();
        using JsonRpcClient rpc = new(server.Endpoint, new JsonRpcOptions { AnswerBytesMax = 1 << 20 });
        Web3 web3 = new(new NethereumClient(rpc));
        ChainException error = await Assert.ThrowsAsync<ChainException>(
            () => web3.Eth.Blocks.GetBlockNumber.SendRequestAsync());
        Assert.Equal(ChainFailure.AnswerTooLarge, error.Failure);
    }

    [Fact]
    public async Task A_node_that_is_asked_too_often_is_asked_again()
    {
        int refusals = 1;
        using ScriptedServer server = new((body, stream) =>
        {
            long id = JsonElement.Parse(body).GetProperty("id").GetInt64();
            string refusal = $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":429,"message":"busy"}}""";
            return Interlocked.Decrement(ref refusals) >= 0
                ? ScriptedServer.WriteAsync(stream, refusal, "429 Too Many Requests")
                : ScriptedServer.WriteAsync(stream, $$"""{"jsonrpc":"2.0","id":{{id}},"result":"0x7"}""");
        });
        JsonRpcOptions quick = new() { ThrottleDelay = TimeSpan.FromMilliseconds(1) };
        using JsonRpcClient rpc = new(server.Endpoint, quick);
        Web3 web3 = new(new NethereumClient(rpc));
        Assert.Equal(7, (await web3.Eth.ChainId.SendRequestAsync()).Value);
        Assert.Equal(2, server.RequestCount);
    }

    [Fact]
    public async Task An_error_object_is_Nethereums_exception_with_its_data()
    {
        using ScriptedServer server = ScriptedServer.Answering(
            """{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"execution reverted","data":"0x0102"}}""");
        using JsonRpcClient rpc = new(server.Endpoint);
        Web3 web3 = new(new NethereumClient(rpc));
        RpcResponseException error = await Assert.ThrowsAsync<RpcResponseException>(
            () => web3.Eth.ChainId.SendRequestAsync());
        Assert.Equal((3, "0x0102"), (error.RpcError.Code, error.RpcError.GetDataAsString()));
    }

    [L2NodeFact]
    public async Task What_is_right_arrives()
    {
        ClassicArena arena = await fixture.FreshAsync();
        EthereumNode node = arena.L1.Node;
        Web3 web3 = node.Web3;
        Address owner = arena.Accounts.Owner.Address;
        HexBigInteger number = await web3.Eth.Blocks.GetBlockNumber.SendRequestAsync();
        Assert.Equal(await node.GetBlockNumberAsync(), (ulong)number.Value);
        BigInteger balance = await web3.Eth.GetBalance.SendRequestAsync(owner.ToString());
        Assert.Equal(await node.GetBalanceAsync(owner), balance);
        BlockWithTransactionHashes first = await web3.Eth.Blocks.GetBlockWithTransactionsHashesByNumber
            .SendRequestAsync(new HexBigInteger(1));
        Assert.Equal((await node.GetBlockAsync(1)).Hash.ToString(), first.BlockHash);
        Culverin.Harness.Values.TransactionReceipt receipt =
            (await node.WaitForReceiptsAsync([Bytes32.Parse(first.TransactionHashes[0])])).Single();
        Nethereum.RPC.Eth.DTOs.TransactionReceipt same = await web3.Eth.Transactions.GetTransactionReceipt
            .SendRequestAsync(first.TransactionHashes[0]);
        Assert.Equal(receipt.GasUsed, (ulong)same.GasUsed.Value);
        DisputeGameFactory.GameCountResult count = await web3.Eth
            .GetContractQueryHandler<DisputeGameFactory.GameCountFunction>()
            .QueryDeserializingToObjectAsync<DisputeGameFactory.GameCountResult>(
                new DisputeGameFactory.GameCountFunction(),
                arena.Contracts.Factory.Address.ToString());
        Assert.Equal(
            (await arena.Contracts.Factory.ReadAsync(new DisputeGameFactory.GameCountFunction()))
                .GameCount,
            count.GameCount);
    }
}
