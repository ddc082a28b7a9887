using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Local;
using Culverin.Harness.Values;
using Xunit;

namespace Culverin.Harness.Tests.Arenas.Classic;

public sealed class ClassicGameTests(DerivedArenaFixture fixture) : IClassFixture<DerivedArenaFixture>
{
    [L2NodeFact]
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
        Assert.Equal(root, (await game.ReadAsync(new FaultDisputeGame.RootClaimFunction())).RootClaim);
        Assert.Equal(
            5, (await game.ReadAsync(new FaultDisputeGame.L2BlockNumberFunction())).L2BlockNumber);
        Assert.Equal(
            GameStatus.InProgress, (await game.ReadAsync(new FaultDisputeGame.StatusFunction())).Value);
        DelayedWETH.BalanceOfResult held = await arena.Contracts.Weth.ReadAsync(
            new DelayedWETH.BalanceOfFunction { Value = game.Address });
        Assert.Equal(bond, held.Value);
        await AssertRevertsAsync("GameAlreadyExists", CreateAsync(arena, 0, root, Word(5), bond));
    }

    [L2NodeFact]
    public async Task A_permissioned_game_is_the_proposers()
    {
        ClassicArena arena = await fixture.FreshAsync();
        Bytes32 root = Bytes32.Keccak256("root"u8);
        BigInteger bond = arena.Options.InitialBond;
        await AssertRevertsAsync("BadAuth", CreateAsync(arena, 1, root, Word(5), bond, arena.Accounts.Thief));
        Contract game = await CreateAsync(arena, 1, root, Word(5), bond, arena.Accounts.Proposer);
        Assert.Equal(1u, (await game.ReadAsync(new FaultDisputeGame.GameTypeFunction())).GameType);
    }

    [L2NodeFact]
    public async Task Ether_is_withdrawn_through_every_contract_on_the_way()
    {
        ClassicArena arena = await fixture.FreshAsync();
        L1Contracts l1 = arena.Contracts;
        TransactionSender user = arena.OnL1(arena.Accounts.User);
        BigInteger amount = ArenaOptions.Ether / 4;
        CallRequest deposit = l1.Portal.Request(
            user.Address,
            new OptimismPortal2.DepositTransactionFunction { To = user.Address, GasLimit = 100_000 },
            ArenaOptions.Ether);
        _ = await user.SendAsync(deposit);
        (OptimismPortal2.WithdrawalTransaction withdrawal, ulong block) =
            await WithdrawAsync(arena, amount);
        OutputRoot output = await OutputRoot.ReadAsync(arena.L2.Node, block);
        Contract game =
            await CreateAsync(arena, 0, output.Hash, Word(block), arena.Options.InitialBond);
        await arena.L1.AdvanceAsync(1);
        OptimismPortal2.ProveWithdrawalTransactionFunction prove =
            await ProofAsync(arena, withdrawal, block, output);
        await arena.PauseAsync();
        CallRequest proving = l1.Portal.Request(user.Address, prove);
        await AssertRevertsAsync("CallPaused", user.SendAsync(proving));
        await arena.UnpauseAsync();
        _ = await user.SendAsync(proving);
        CallRequest paying = l1.Portal.Request(
            user.Address, new OptimismPortal2.FinalizeWithdrawalTransactionFunction { Tx = withdrawal });
        RevertedException early =
            await Assert.ThrowsAsync<RevertedException>(() => user.SendAsync(paying));
        Assert.Equal("OptimismPortal: proven withdrawal has not matured yet", early.Reason.Text);
        await arena.L1.AdvanceAsync(arena.Options.MaxClockSeconds);
        _ = await user.SendAsync(game.Request(user.Address, new FaultDisputeGame.ResolveClaimFunction()));
        _ = await user.SendAsync(game.Request(user.Address, new FaultDisputeGame.ResolveFunction()));
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

    private static async Task<(OptimismPortal2.WithdrawalTransaction Withdrawal, ulong Block)>
        WithdrawAsync(ClassicArena arena, BigInteger amount)
    {
        TransactionSender user = arena.OnL2(arena.Accounts.User);
        Contract passer = arena.Predeploys.MessagePasser;
        TransactionReceipt receipt = await user.SendAsync(passer.Request(
            user.Address,
            new L2ToL1MessagePasser.InitiateWithdrawalFunction
            {
                Target = Receiver(arena),
                GasLimit = 100_000,
            },
            amount));
        L2ToL1MessagePasser.MessagePassedEvent logged =
            ContractCodec.DecodeEvent<L2ToL1MessagePasser.MessagePassedEvent>(receipt.Logs.Single());
        OptimismPortal2.WithdrawalTransaction withdrawal = new()
        {
            NonceArgument = logged.NonceArgument,
            Sender = logged.Sender,
            Target = logged.Target,
            Value = logged.Value,
            GasLimit = logged.GasLimit,
            Data = logged.Data,
        };
        Assert.Equal(
            logged.WithdrawalHash, Bytes32.Keccak256(ContractCodec.EncodeArguments(withdrawal)));
        return (withdrawal, receipt.BlockNumber);
    }

    private static async Task<OptimismPortal2.ProveWithdrawalTransactionFunction> ProofAsync(
        ClassicArena arena,
        OptimismPortal2.WithdrawalTransaction withdrawal,
        ulong block,
        OutputRoot output)
    {
        byte[] hash = Bytes32.Keccak256(ContractCodec.EncodeArguments(withdrawal)).ToArray();

        // The first mapping of the contract: its slot is the hash of key and zero.
        Bytes32 slot = Bytes32.Keccak256([.. hash, .. new byte[Bytes32.SizeBytes]]);
        AccountProof proof = await arena.L2.Node.GetProofAsync(OutputRoot.MessagePasser, [slot], block);
        return new OptimismPortal2.ProveWithdrawalTransactionFunction
        {
            Tx = withdrawal,
            OutputRootProof = new OptimismPortal2.OutputRootProof
            {
                StateRoot = output.StateRoot,
                MessagePasserStorageRoot = output.MessagePasserStorageRoot,
                LatestBlockhash = output.BlockHash,
            },
            WithdrawalProof = [.. proof.Storage[0].Nodes.Select(node => node.ToArray())],
        };
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
        DisputeGameFactory.CreateFunction create =
            new() { GameType = type, RootClaim = root, ExtraData = extraData };
        TransactionReceipt receipt =
            await sender.SendAsync(factory.Request(sender.Address, create, bond));
        LogEntry log =
            receipt.Logs.Single(ContractCodec.Matches<DisputeGameFactory.DisputeGameCreatedEvent>);
        return arena.Contracts.FaultGame.At(
            ContractCodec.DecodeEvent<DisputeGameFactory.DisputeGameCreatedEvent>(log).DisputeProxy);
    }

    private static async Task AssertRevertsAsync(string error, Task sending) =>
        Assert.Equal(error, (await Assert.ThrowsAsync<RevertedException>(() => sending)).Reason.Name);
}
