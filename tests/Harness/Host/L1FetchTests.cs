using System.Text;
using Culverin.Harness.Host;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rpc.Transport;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Host;

/// <summary>What the host gets from an L1 node: receipts, and what comes next ahead of the program.</summary>
public sealed class L1FetchTests(AnvilFixture fixture) : IClassFixture<AnvilFixture>
{
    private const int BlockCount = 30;

    // Creation code that logs one word under one topic, and code that fails.
    private static readonly byte[] Logging = Hex.Parse("0x6007602a6000a100");
    private static readonly byte[] Failing = Hex.Parse("0xfe");

    [Fact]
    public async Task Receipts_of_all_kinds_are_what_the_header_commits_to()
    {
        IReadOnlyList<Block> blocks = await MakeAsync();
        int found = 0;
        foreach (Block block in blocks)
        {
            IReadOnlyList<byte[]> receipts = await RawReceipts.ReadAsync(fixture.Node, block.Header);
            found += receipts.Count;
            Assert.Equal(block.Header.ReceiptsRoot, TrieBuilder.RootOf(receipts));
        }

        Assert.True(found >= BlockCount);
    }

    [Theory]
    [InlineData("\"status\":\"0x1\"", "\"status\":\"0x0\"")]
    [InlineData("\"cumulativeGasUsed\":\"0x", "\"cumulativeGasUsed\":\"0x1")]
    [InlineData("\"topics\":[", "\"topics\":[\"0x00\",")]
    [InlineData("\"logs\":[", "\"no logs\":[")]
    [InlineData("\"result\":[", "\"result\":[],\"was\":[")]
    [InlineData("\"result\":[", "\"result\":null,\"was\":[")]
    public async Task Changed_receipts_are_refused(string from, string to)
    {
        Block block = (await MakeAsync())[^1];
        using System.Net.Http.HttpClient real = new();
        using ScriptedServer liar = new(async (body, stream) =>
        {
            using System.Net.Http.StringContent content = new(body, Encoding.UTF8, "application/json");
            using System.Net.Http.HttpResponseMessage answer =
                await real.PostAsync(fixture.Anvil.Endpoint, content);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.Contains(from, text, StringComparison.Ordinal);
            await ScriptedServer.WriteAsync(stream, text.Replace(from, to, StringComparison.Ordinal));
        });
        using JsonRpcClient rpc = new(liar.Endpoint);
        using EthereumNode node = new(rpc);
        ChainException error =
            await Assert.ThrowsAsync<ChainException>(() => RawReceipts.ReadAsync(node, block.Header));
        Assert.Contains("eceipt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_cannot_give_all_at_once_is_asked_for_each()
    {
        Block block = (await MakeAsync())[^1];
        using System.Net.Http.HttpClient real = new();
        using ScriptedServer old = new(async (body, stream) =>
        {
            if (body.Contains("eth_getBlockReceipts", StringComparison.Ordinal))
            {
                await ScriptedServer.WriteAsync(
                    stream,
                    """{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}""");
                return;
            }

            using System.Net.Http.StringContent content = new(body, Encoding.UTF8, "application/json");
            using System.Net.Http.HttpResponseMessage answer =
                await real.PostAsync(fixture.Anvil.Endpoint, content);
            await ScriptedServer.WriteAsync(stream, await answer.Content.ReadAsStringAsync());
        });
        using JsonRpcClient rpc = new(old.Endpoint);
        using EthereumNode node = new(rpc);
        Assert.Equal(
            await RawReceipts.ReadAsync(fixture.Node, block.Header),
            await RawReceipts.ReadAsync(node, block.Header));
    }

    [Fact]
    public async Task A_walk_over_L1_waits_for_few_answers()
    {
        IReadOnlyList<Block> blocks = await MakeAsync();
        DisputedClaim claim = new()
        {
            L1Head = blocks[^1].Hash,
            AgreedOutputRoot = default,
            AgreedBlockHash = default,
            ClaimedOutputRoot = default,
            ClaimedBlockNumber = 1,
            ChainId = 1,
        };
        using TemporaryFolder folder = new();
        using HostOracle oracle = new(
            claim,
            new PreimageStore(folder.Path),
            new PreimageFetcher(fixture.Node, fixture.Node, claim, new PreimageStore(folder.Path)));
        foreach (Block block in blocks.Reverse())
        {
            oracle.Hint(Encoding.ASCII.GetBytes($"l1-block-header {block.Hash}"));
            Assert.Equal(
                block.Header.Encode(), oracle.GetPreimage(PreimageStore.KeyOf(block.Hash).ToArray()));
        }

        // 1 + 4, 1 + 8 and 1 + 16 headers and more.
        Assert.InRange(oracle.FetchCount, 1, 4);
        int before = oracle.FetchCount;
        foreach (Block block in blocks)
        {
            oracle.Hint(Encoding.ASCII.GetBytes($"l1-transactions {block.Hash}"));
            Bytes32 root = block.Header.TransactionsRoot;
            Assert.Equal(root, Bytes32.Keccak256(oracle.GetPreimage(PreimageStore.KeyOf(root).ToArray())));
        }

        // One for a block and the four that follow.
        Assert.InRange(oracle.FetchCount - before, 1, (BlockCount / 5) + 2);
    }

    private async Task<IReadOnlyList<Block>> MakeAsync()
    {
        Address sender = (await fixture.Node.GetAccountsAsync())[0];
        ulong first = await fixture.Node.GetBlockNumberAsync() + 1;
        for (int count = 0; count < BlockCount; count++)
        {
            _ = await fixture.Node.SendAsync(new CallRequest
            {
                From = sender,
                To = count % 3 == 0 ? sender : null,
                Data = (count % 3) switch { 0 => [], 1 => Failing, _ => Logging },
                GasLimit = 100_000,
            });
        }

        ulong last = await fixture.Node.GetBlockNumberAsync();
        List<Block> blocks = [];
        for (ulong number = first; number <= last; number++)
        {
            blocks.Add(await fixture.Node.GetBlockAsync(number));
        }

        return blocks;
    }
}
