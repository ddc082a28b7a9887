using System.Numerics;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Tests.Rpc.Transport;
using Culverin.Harness.Values;
using Culverin.Harness.Values.Transactions;
using Xunit;

namespace Culverin.Harness.Tests.Sending;

public sealed class SignerTests(AnvilFixture fixture) : IClassFixture<AnvilFixture>
{
    private static readonly PrivateKey Key = new(Bytes32.Keccak256("signer tests"u8).ToArray());

    [Fact]
    public async Task Three_kinds_of_accounts_send_the_same_transaction()
    {
        EthereumNode node = fixture.Node;
        Address[] held = [.. await node.GetAccountsAsync()];
        await fixture.FundAsync(Key.Address);
        ISigner[] signers =
            [new LocalSigner(Key), new RemoteSigner(node.Rpc, held[1]), new NodeAccount(held[2])];
        foreach (ISigner signer in signers)
        {
            using TransactionSender sender = new(node, signer);
            Address receiver = Address.OfCreated(signer.Address, 1_000);
            TransactionReceipt receipt = await sender.SendAsync(
                new CallRequest { From = signer.Address, To = receiver, Value = 7 });
            Assert.Equal(signer.Address, receipt.From);
            Assert.Equal(7, await node.GetBalanceAsync(receiver));
        }
    }

    [Fact]
    public async Task A_remote_signer_that_signs_something_else_is_found_out()
    {
        FeeMarketTransaction asked = new() { ChainId = 1, GasLimit = 21_000, Value = 5 };
        SignedTransaction[] answers =
        [
            (asked with { Value = 6 }).Sign(Key),
            (asked with { Nonce = 1 }).Sign(Key),
            asked.Sign(new PrivateKey(Bytes32.FromInteger(1).ToArray())),
            new LegacyTransaction { ChainId = 1, GasLimit = 21_000, Value = 5 }.Sign(Key),
        ];
        foreach (SignedTransaction answer in answers)
        {
            ChainException error = await Assert.ThrowsAsync<ChainException>(
                () => AskAsync($"\"{Hex.Format(answer.Encode())}\"", asked));
            Assert.Equal(ChainFailure.Signature, error.Failure);
        }

        string right = Hex.Format(asked.Sign(Key).Encode());
        Assert.Equal(right, Hex.Format((await AskAsync($"\"{right}\"", asked))!.Encode()));
        Assert.Equal(right, Hex.Format((await AskAsync($$"""{"raw":"{{right}}"}""", asked))!.Encode()));
        foreach (string nonsense in new[] { "{}", "7", "null", "\"0x\"", "\"0x02c0\"", "[]" })
        {
            await Assert.ThrowsAsync<ChainException>(() => AskAsync(nonsense, asked));
        }
    }

    [Fact]
    public async Task A_signed_transaction_belongs_to_its_account_on_chain()
    {
        await fixture.FundAsync(Key.Address);
        SignedTransaction legacy = new LegacyTransaction
        {
            ChainId = await fixture.Node.GetChainIdAsync(),
            Nonce = await fixture.Node.GetNonceAsync(Key.Address),
            GasPrice = new BigInteger(50_000_000_000),
            GasLimit = 21_000,
            To = Key.Address,
        }.Sign(Key);
        Bytes32 hash = await fixture.Node.SubmitRawAsync(legacy.Encode());
        TransactionReceipt receipt = (await fixture.Node.WaitForReceiptsAsync([hash]))[0];
        Assert.Equal(Key.Address, receipt.From);
        Block block = await fixture.Node.GetBlockAsync(receipt.BlockNumber);
        Assert.Equal(
            Hex.Format(legacy.Encode()),
            Hex.Format((await fixture.Node.GetRawTransactionsAsync(block)).Single()));
    }

    private static async Task<SignedTransaction?> AskAsync(string result, FeeMarketTransaction transaction)
    {
        using ScriptedServer server =
            ScriptedServer.Answering($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");
        using JsonRpcClient rpc = new(server.Endpoint);
        return await new RemoteSigner(rpc, Key.Address).SignAsync(transaction);
    }
}
