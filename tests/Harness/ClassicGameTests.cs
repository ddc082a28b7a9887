using System;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;
using Xunit;

namespace Culverin.Harness.Tests;

public sealed class ClassicGameTests(ClassicArenaFixture fixture) : IClassFixture<ClassicArenaFixture>
{
    private static readonly AbiType WithdrawalFields =
        AbiType.Parse("(uint256,address,address,uint256,uint256,bytes)");

    [Fact]
    public async Task A_game_needs_the_exact_bond_and_a_later_block()
    {
        ClassicArena arena = await fixture.FreshAsync();
        BigInteger bond = arena.Options.InitialBond;
        Bytes32 root = Bytes32.Keccak256("root"u8);
        await AssertRevertsAsync("IncorrectBondAmount", CreateAsync(arena, 0, root, Word(5), bond - 1));
        await AssertRevertsAsync("IncorrectBondAmount", CreateAsync(arena, 0, root, Word(5), bond + 1));
        await AssertRevertsAsync("BadExtraData", CreateAsync(arena, 0, root, new byte[33], bond));
        await AssertRevertsAsync(
            "UnexpectedRootClaim", CreateAsync(arena, 0, root, Word(arena.AnchorBlock), bond));
        await AssertRevertsAsync("NoImplementation", CreateAsync(arena, 7, root, Word(5), 0));
        Contract game = await CreateAsync(arena, 0, root, Word(5), bond);
        Assert.Equal(root, (await game.ReadAsync("rootClaim")).AsBytes32());
        Assert.Equal(5, (await game.ReadAsync("l2BlockNumber")).AsInteger());
        Assert.Equal(0, (await game.ReadAsync("status")).AsInteger());
        Assert.Equal(bond, (await arena.Contracts.Weth.ReadAsync("balanceOf", [game.Address])).AsInteger());
        await AssertRevertsAsync("GameAlreadyExists", CreateAsync(arena, 0, root, Word(5), bond));
    }

    [Fact]
    public async Task A_permissioned_game_is_the_proposers()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Bytes32 root = Bytes32.Keccak256("root"u8);
        BigInteger bond = arena.Options.InitialBond;
        await AssertRevertsAsync("BadAuth", CreateAsync(arena, 1, root, Word(5), bond, arena.Accounts.Thief));
        Contract game = await CreateAsync(arena, 1, root, Word(5), bond, arena.Accounts.Proposer);
        Assert.Equal(1, (await game.ReadAsync("gameType")).AsInteger());
    }

    [Fact]
    public async Task Ether_is_withdrawn_through_every_contract_on_the_way()
    {
        ClassicArena arena = await fixture.FreshAsync();
        L1Contracts l1 = arena.Contracts;
        TransactionSender user = arena.OnL1(arena.Accounts.User);
        BigInteger amount = ArenaOptions.Ether / 4;
        CallRequest deposit = l1.Portal.Request(
            user.Address,
            "depositTransaction",
            [user.Address, 0, 100_000, false, Array.Empty<byte>()],
            ArenaOptions.Ether);
        _ = await user.SendAsync(deposit);
        (AbiValue[] withdrawal, ulong block) = await WithdrawAsync(arena, amount);
        OutputRoot output = await OutputRoot.ReadAsync(arena.L2.Node, block);
        Contract game =
            await CreateAsync(arena, 0, output.Hash, Word(block), arena.Options.InitialBond);
        await arena.L1.AdvanceAsync(1);
        AbiValue[] prove = await ProofAsync(arena, withdrawal, block, output);
        await arena.PauseAsync();
        CallRequest proving = l1.Portal.Request(user.Address, "proveWithdrawalTransaction", prove);
        await AssertRevertsAsync("CallPaused", user.SendAsync(proving));
        await arena.UnpauseAsync();
        _ = await user.SendAsync(proving);
        CallRequest paying =
            l1.Portal.Request(user.Address, "finalizeWithdrawalTransaction", [withdrawal]);
        RevertedException early =
            await Assert.ThrowsAsync<RevertedException>(() => user.SendAsync(paying));
        Assert.Equal("OptimismPortal: proven withdrawal has not matured yet", early.Reason.Text);
        await arena.L1.AdvanceAsync(arena.Options.MaxClockSeconds);
        _ = await user.SendAsync(game.Request(user.Address, "resolveClaim", [0, 0]));
        _ = await user.SendAsync(game.Request(user.Address, "resolve", []));
        early = await Assert.ThrowsAsync<RevertedException>(() => user.SendAsync(paying));
        Assert.Equal("OptimismPortal: output proposal in air-gap", early.Reason.Text);
        await arena.L1.AdvanceAsync(arena.Options.GameFinalitySeconds);
        Address receiver = Receiver(arena);
        Assert.Equal(0, await arena.L1.Node.GetBalanceAsync(receiver));
        _ = await user.SendAsync(paying);
        Assert.Equal(amount, await arena.L1.Node.GetBalanceAsync(receiver));
        await AssertRevertsAsync("Error", user.SendAsync(paying));
    }

    private static Address Receiver(ClassicArena arena) =>
        Address.OfCreated(arena.Accounts.User.Address, 1_000_000);

    private static async Task<(AbiValue[] Withdrawal, ulong Block)> WithdrawAsync(
        ClassicArena arena, BigInteger amount)
    {
        TransactionSender user = arena.OnL2(arena.Accounts.User);
        Contract passer = arena.Predeploys.MessagePasser;
        TransactionReceipt receipt = await user.SendAsync(passer.Request(
            user.Address, "initiateWithdrawal", [Receiver(arena), 100_000, Array.Empty<byte>()], amount));
        AbiValue[] logged = [.. passer.Abi.Event("MessagePassed").Decode(receipt.Logs.Single())];
        AbiValue[] withdrawal = logged[..6];
        Assert.Equal(
            logged[6].AsBytes32(),
            Bytes32.Keccak256(AbiEncoder.Encode(WithdrawalFields, withdrawal)));
        return (withdrawal, receipt.BlockNumber);
    }

    private static async Task<AbiValue[]> ProofAsync(
        ClassicArena arena, AbiValue[] withdrawal, ulong block, OutputRoot output)
    {
        byte[] hash = Bytes32.Keccak256(AbiEncoder.Encode(WithdrawalFields, withdrawal)).ToArray();

        // The first mapping of the contract: its slot is the hash of key and zero.
        Bytes32 slot = Bytes32.Keccak256([.. hash, .. new byte[Bytes32.SizeBytes]]);
        AccountProof proof = await arena.L2.Node.GetProofAsync(OutputRoot.MessagePasser, [slot], block);
        AbiValue[] root =
            [default(Bytes32), output.StateRoot, output.MessagePasserStorageRoot, output.BlockHash];
        AbiValue[] nodes = [.. proof.Storage[0].Nodes.Select(node => (AbiValue)node)];
        return [withdrawal, 0, root, nodes];
    }

    private static byte[] Word(ulong number) => Bytes32.FromInteger(number).ToArray();

    private static async Task<Contract> CreateAsync(
        ClassicArena arena,
        uint type,
        Bytes32 root,
        byte[] extraData,
        BigInteger bond,
        ArenaAccount? proposer = null)
    {
        TransactionSender sender = arena.OnL1(proposer ?? arena.Accounts.Proposer);
        Contract factory = arena.Contracts.Factory;
        TransactionReceipt receipt = await sender.SendAsync(
            factory.Request(sender.Address, "create", [(ulong)type, root, extraData], bond), [factory.Abi]);
        LogEntry log = receipt.Logs.Single(factory.Abi.Event("DisputeGameCreated").Matches);
        Address game = factory.Abi.Event("DisputeGameCreated").Decode(log)[0].AsAddress();
        return arena.Contracts.FaultGame.At(game);
    }

    private static async Task AssertRevertsAsync(string error, Task sending) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<RevertedException>(() => sending)).Reason.Name);
}
