using Culverin.Harness.Contracts;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Nethereum.Contracts;
using Xunit;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>Whose a withdrawal is when a contract asked for it, and which proof counts.</summary>
public sealed class OwnerTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    private const uint Gas = 200_000;

    [L2NodeFact]
    public async Task A_contract_wallets_withdrawals_are_its_own_and_not_the_signers()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        TransactionSender signer = world.Arena.OnL2(world.Arena.Accounts.Helper);
        Address wallet = await SmallContract.DeployAsync(signer, SmallContract.Wallet);
        Address receiver = world.Arena.Accounts.User.Address;
        (Contract Contract, FunctionMessage Call)[] ways =
        [
            (world.Contracts.Bridge,
                new L2StandardBridge.BridgeETHToFunction { To = receiver, MinGasLimit = Gas }),
            (world.Contracts.Messenger,
                new L2CrossDomainMessenger.SendMessageFunction { Target = receiver, MinGasLimit = Gas }),
            (world.Contracts.MessagePasser,
                new L2ToL1MessagePasser.InitiateWithdrawalFunction { Target = receiver, GasLimit = Gas }),
        ];
        List<Bytes32> asked = [];
        foreach ((Contract contract, FunctionMessage call) in ways)
        {
            TransactionReceipt receipt = await signer.SendAsync(new CallRequest
            {
                From = signer.Address,
                To = wallet,
                Value = 5,
                Data = SmallContract.Through(contract, call),
            });
            asked.Add(receipt.Hash);
        }

        IReadOnlyList<InitiatedWithdrawal> own = await world.User.Reader.ListAsync(wallet);
        Assert.Equal(asked, own.Select(each => each.TransactionHash));
        Assert.Empty(await world.User.Reader.ListAsync(signer.Address));
        Assert.Empty(await world.User.Reader.ListAsync(receiver));
    }

    [L2NodeFact]
    public async Task A_message_that_only_looks_like_the_bridges_is_its_senders()
    {
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        Address user = world.Arena.Accounts.User.Address;
        byte[] forged = ContractCodec.EncodeCall(
            new L1StandardBridge.FinalizeBridgeETHFunction { From = user, To = user, Amount = 5 });
        TransactionSender sender = world.Arena.OnL2(world.Arena.Accounts.Thief);
        _ = await sender.SendAsync(world.Contracts.Messenger.Request(
            sender.Address,
            new L2CrossDomainMessenger.SendMessageFunction
            {
                Target = world.Arena.Contracts.Bridge.Address,
                Message = forged,
                MinGasLimit = Gas,
            },
            5));
        Assert.Empty(await world.User.Reader.ListAsync(user));
        Assert.Single(await world.User.Reader.ListAsync(sender.Address));
    }

    [L2NodeTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Any_number_of_foreign_proofs_does_not_hide_ones_own(bool isOwnerKnown)
    {
        const int Count = 220;
        WithdrawalWorld world = await WithdrawalWorld.StartAsync(fixture);
        InitiatedWithdrawal withdrawal = await world.WithdrawAsync();
        Contract game = await world.ProposeAsync();
        WithdrawalClient prover = isOwnerKnown ? world.User : world.Helper;
        TransactionReceipt proven = await prover.ProveAsync(withdrawal);
        ulong provenAt = (await world.Arena.L1.Node.GetBlockAsync(proven.BlockNumber)).Timestamp;

        // One stranger proves it again and again, always as late as possible.
        await world.WinAsync(game);
        WithdrawalProof proof = await WithdrawalProof.BuildAsync(
            world.Arena.L2.Node, withdrawal.Withdrawal, withdrawal.BlockNumber);
        Address stranger = (await world.Arena.L1.Node.GetAccountsAsync())[0];
        CallRequest call = world.Portal.Request(stranger, proof.Call(withdrawal.Withdrawal, 0));
        IReadOnlyList<TransactionReceipt> receipts = await world.Arena.L1.SendInOneBlockAsync(
            [.. Enumerable.Repeat(call with { GasLimit = 1_000_000 }, Count)]);
        Assert.All(receipts, receipt => Assert.True(receipt.Succeeded));
        WithdrawalStatus status = await world.StatusAsync(withdrawal);
        Assert.Equal(prover == world.User, status.Prover == world.Arena.Accounts.User.Address);
        Assert.Equal(provenAt, status.ProvenAt);
    }
}
