using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rpc.Transport;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Rpc;

public sealed class ChainQueryTests(AnvilFixture fixture) : IClassFixture<AnvilFixture>
{
    [Fact]
    public async Task Headers_hash_to_their_hash_and_link()
    {
        await SendAsync();
        await SendAsync();
        ulong newest = await fixture.Node.GetBlockNumberAsync();
        Block child = await fixture.Node.GetBlockAsync(newest);
        Block parent = await fixture.Node.GetBlockAsync(BlockReference.Hash(child.Header.ParentHash));
        Assert.Equal(newest - 1, parent.Number);
        BlockHeader decoded = BlockHeader.Decode(child.Header.Encode());
        Assert.Equal(child.Hash, decoded.Hash);
        Assert.Equal(child.Header.StateRoot, decoded.StateRoot);
        Assert.Equal(child.Timestamp, decoded.Timestamp);
        Assert.Equal(child.Header.BaseFeePerGas, decoded.BaseFeePerGas);
        Assert.Equal(0ul, (await fixture.Node.GetBlockAsync(BlockReference.Earliest)).Number);
        Assert.Null(await fixture.Node.FindBlockAsync(newest + 1_000));
        Assert.Null(await fixture.Node.FindBlockAsync(BlockReference.Hash(default)));
    }

    [Fact]
    public async Task A_node_that_lies_about_a_block_is_found_out()
    {
        await SendAsync();
        string truth = (await fixture.Node.Rpc.CallAsync(new JsonRpcRequest("eth_getBlockByNumber", writer =>
        {
            writer.WriteStringValue("0x1");
            writer.WriteBooleanValue(false);
        }))).GetRawText();
        string stateRoot = (await fixture.Node.GetBlockAsync(1)).Header.StateRoot.ToString();
        Assert.Equal(1ul, (await AskBlockAsync(truth, 1)).Number);
        string otherRoot = stateRoot[..^1] + (stateRoot[^1] == '0' ? '1' : '0');
        string[] lies =
        [
            truth.Replace(stateRoot, otherRoot, StringComparison.Ordinal),
            truth.Replace("\"number\":\"0x1\"", "\"number\":\"0x2\"", StringComparison.Ordinal),
            truth.Replace("\"gasUsed\":", "\"gasUse\":", StringComparison.Ordinal),
            "{}",
            "[]",
            "7",
        ];
        foreach (string lie in lies)
        {
            ChainException error = await Assert.ThrowsAsync<ChainException>(() => AskBlockAsync(lie, 1));
            Assert.Equal(ChainFailure.BadAnswer, error.Failure);
        }

        await Assert.ThrowsAsync<ChainException>(() => AskBlockAsync(truth, 2));
        await Assert.ThrowsAsync<ChainException>(() => AskBlockAsync(truth, BlockReference.Hash(default)));
    }

    [Fact]
    public async Task Accounts_are_read_at_the_block_asked_for()
    {
        Address receiver = Address.Parse("0x00000000000000000000000000000000000000cc");
        TransactionReceipt first = await SendAsync(receiver, 5);
        TransactionReceipt second = await SendAsync(receiver, 6);
        Assert.Equal(5, await fixture.Node.GetBalanceAsync(receiver, first.BlockNumber));
        Assert.Equal(11, await fixture.Node.GetBalanceAsync(receiver));
        Assert.Equal(
            5, await fixture.Node.GetBalanceAsync(receiver, BlockReference.Hash(first.BlockHash)));
        Assert.Equal(
            await fixture.Node.GetNonceAsync(second.From, first.BlockNumber) + 1,
            await fixture.Node.GetNonceAsync(second.From, second.BlockNumber));
        Assert.Empty(await fixture.Node.GetCodeAsync(receiver));
    }

    [Fact]
    public async Task A_proof_leads_from_the_state_root_to_the_account()
    {
        Address receiver = Address.Parse("0x00000000000000000000000000000000000000dd");
        TransactionReceipt receipt = await SendAsync(receiver, 5);
        Bytes32 slot = Bytes32.FromInteger(3);
        AccountProof proof = await fixture.Node.GetProofAsync(receiver, [slot], receipt.BlockNumber);
        Block block = await fixture.Node.GetBlockAsync(receipt.BlockNumber);
        Assert.Equal(5, proof.Balance);
        Assert.Equal(block.Header.StateRoot, Bytes32.Keccak256(proof.Nodes[0].Span));
        Assert.Equal(BigInteger.Zero, proof.Storage.Single().Value);
        RlpItem leaf = RlpItem.Decode(RlpItem.Decode(proof.Nodes[^1]).Items[1].Bytes);
        Assert.Equal(5, leaf.Items[1].AsUInt256());
        Assert.Equal(proof.StorageRoot, leaf.Items[2].AsBytes32());
    }

    [Fact]
    public async Task Events_are_found_and_decoded()
    {
        Address account = (await fixture.Node.GetAccountsAsync())[0];
        ContractArtifact artifact = ContractArtifact.Find(Repository.Packages.ContractArtifacts, "TestERC20");
        TransactionReceipt created = await fixture.Node.SendAsync(
            new CallRequest { From = account, Data = artifact.CreationCode([]) });
        Contract token = new("TestERC20", fixture.Node, created.CreatedContract!.Value);
        _ = await fixture.Node.SendAsync(
            token.Request(account, new TestERC20.MintFunction { To = account, Value = 70 }));
        TransactionReceipt receipt = await fixture.Node.SendAsync(token.Request(
            account, new TestERC20.TransferFunction { To = token.Address, Amount = 30 }));
        Bytes32 topic = ContractCodec.TopicOf<TestERC20.TransferEvent>();
        Assert.Equal(Cast.Run("keccak", "Transfer(address,address,uint256)"), topic.ToString());
        IReadOnlyList<LogEntry> logs = await fixture.Node.GetLogsAsync(new LogFilter
        {
            Addresses = [token.Address],
            Topics = [topic, null, AddressTopic(token.Address)],
        });
        LogEntry log = Assert.Single(logs);
        Assert.Equal(receipt.Hash, log.TransactionHash);
        foreach (LogEntry each in new[] { log, receipt.Logs.Single() })
        {
            TestERC20.TransferEvent transfer = ContractCodec.DecodeEvent<TestERC20.TransferEvent>(each);
            Assert.Equal(
                (account, token.Address, 30), (transfer.From, transfer.To, transfer.Amount));
        }

        Assert.Throws<ChainException>(() => ContractCodec.DecodeEvent<TestERC20.ApprovalEvent>(log));
        TestERC20.BalanceOfFunction balance = new() { Value = account };
        Assert.Equal(40, (await token.ReadAsync(balance)).Value);
        Assert.Equal(70, (await token.ReadAsync(balance, receipt.BlockNumber - 1)).Value);
        RevertedException error = await Assert.ThrowsAsync<RevertedException>(() => token.ReadAsync(
            new TestERC20.TransferFunction { To = account, Amount = 1 }));
        Assert.Contains("TestERC20.transfer", error.Message, StringComparison.Ordinal);
    }

    private static Bytes32 AddressTopic(Address address)
    {
        byte[] topic = new byte[Bytes32.SizeBytes];
        address.CopyTo(topic.AsSpan(Bytes32.SizeBytes - Address.SizeBytes));
        return new Bytes32(topic);
    }

    private static async Task<Block> AskBlockAsync(string result, BlockReference reference)
    {
        using ScriptedServer server =
            ScriptedServer.Answering($$"""[{"jsonrpc":"2.0","id":1,"result":{{result}}}]""");
        using JsonRpcClient rpc = new(server.Endpoint);
        using EthereumNode node = new(rpc);
        return await node.GetBlockAsync(reference);
    }

    private Task<TransactionReceipt> SendAsync() => SendAsync(default, 1);

    private async Task<TransactionReceipt> SendAsync(Address receiver, int value)
    {
        Address sender = (await fixture.Node.GetAccountsAsync())[0];
        return await fixture.Node.SendAsync(new CallRequest { From = sender, To = receiver, Value = value });
    }
}
