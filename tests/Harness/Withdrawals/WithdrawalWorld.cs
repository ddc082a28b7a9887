using System.Numerics;
using Culverin.Harness.Abi;
using Culverin.Harness.Arenas;
using Culverin.Harness.Arenas.Classic;
using Culverin.Harness.Contracts;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Sending;
using Culverin.Harness.Tests.Arenas;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Nethereum.Contracts;
using Xunit;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Tests.Withdrawals;

/// <summary>A fresh classic arena whose portal owns ether, and what happens to withdrawals there.</summary>
internal sealed class WithdrawalWorld
{
    private const ulong Gas = 1_000_000;

    private WithdrawalWorld(ClassicArena arena)
    {
        Arena = arena;
        Contracts = WithdrawalContracts.Of(arena);
        Initiator = new WithdrawalInitiator(Contracts, arena.OnL2(arena.Accounts.User));
        User = new WithdrawalClient(Contracts, arena.OnL1(arena.Accounts.User));
        Helper = new WithdrawalClient(Contracts, arena.OnL1(arena.Accounts.Helper));
    }

    internal ClassicArena Arena { get; }

    internal WithdrawalContracts Contracts { get; }

    internal WithdrawalInitiator Initiator { get; }

    internal WithdrawalClient User { get; }

    internal WithdrawalClient Helper { get; }

    internal Contract Portal => Arena.Contracts.Portal;

    internal static async Task<WithdrawalWorld> StartAsync(DerivedArenaFixture fixture)
    {
        WithdrawalWorld world = new(await fixture.FreshAsync());
        await world.DepositAsync(10 * ArenaOptions.Ether);
        return world;
    }

    internal Task DepositAsync(BigInteger wei)
    {
        TransactionSender helper = Arena.OnL1(Arena.Accounts.Helper);
        return helper.SendAsync(Portal.Request(
            helper.Address,
            new OptimismPortal2.DepositTransactionFunction { To = helper.Address, GasLimit = 100_000 },
            wei));
    }

    internal Task<InitiatedWithdrawal> WithdrawAsync() =>
        Initiator.WithdrawEtherAsync(Arena.Accounts.User.Address, ArenaOptions.Ether);

    /// <summary>A withdrawal of the user that names an amount of gas.</summary>
    internal Task<InitiatedWithdrawal> WithdrawWithGasAsync(Address target, BigInteger wei, ulong gas) =>
        SendOnL2Async(
            Contracts.MessagePasser,
            new L2ToL1MessagePasser.InitiateWithdrawalFunction { Target = target, GasLimit = gas },
            wei);

    /// <summary>A transaction of the user on L2 that asks for one withdrawal.</summary>
    internal async Task<InitiatedWithdrawal> SendOnL2Async(
        Contract contract, FunctionMessage call, BigInteger wei)
    {
        TransactionSender user = Arena.OnL2(Arena.Accounts.User);
        TransactionReceipt receipt = await user.SendAsync(contract.Request(user.Address, call, wei));
        return (await User.Reader.FindAsync(receipt.Hash)).Single();
    }

    /// <summary>Proves withdrawals and lets time pass until they can be paid out.</summary>
    internal async Task RipenAsync(params InitiatedWithdrawal[] withdrawals)
    {
        Contract game = await ProposeAsync();
        foreach (InitiatedWithdrawal each in withdrawals)
        {
            _ = await User.ProveAsync(each);
        }

        await WinAsync(game);
        await Arena.L1.AdvanceAsync(
            Math.Max(Arena.Options.GameFinalitySeconds, Arena.Options.ProofMaturitySeconds) + 1);
    }

    /// <summary>Replaces a contract's code on L1.</summary>
    internal async Task SetCodeAsync(Address account, string code) =>
        _ = await Arena.L1.Node.Rpc.CallAsync(
            JsonRpcRequest.Create("anvil_setCode", account.ToString(), "0x" + code));

    internal async Task<WithdrawalStatus> AssertUndeliveredAsync(
        InitiatedWithdrawal withdrawal, BlockReason reason, MoneyPlace money, WithdrawalAction next)
    {
        WithdrawalStatus status = await StatusAsync(withdrawal);
        Assert.Equal(
            (WithdrawalStage.Undelivered, reason, money, next),
            (status.Stage, status.Reason, status.Money, status.Next));
        return status;
    }

    /// <summary>
    /// Creates a game for an L2 block, the newest unless named, one second before the head.
    /// </summary>
    internal async Task<Contract> ProposeAsync(
        ulong? number = null, uint type = GameTypes.Fault, Bytes32? root = null)
    {
        ulong block = number ?? await Arena.L2.Node.GetBlockNumberAsync();
        Bytes32 claim = root ?? (await OutputRoot.ReadAsync(Arena.L2.Node, block)).Hash;
        Contract game = await ProposeAtAsync(block, type, claim);
        await Arena.L1.AdvanceAsync(1);
        return game;
    }

    /// <summary>The same at the head.</summary>
    internal async Task<Contract> ProposeAtAsync(BigInteger block, uint type, Bytes32 root)
    {
        TransactionSender proposer = Arena.OnL1(Arena.Accounts.Proposer);
        Contract factory = Arena.Contracts.Factory;
        DisputeGameFactory.CreateFunction create = new()
        {
            GameType = type,
            RootClaim = root,
            ExtraData = Bytes32.FromInteger(block).ToArray(),
        };
        TransactionReceipt receipt = await proposer.SendAsync(
            factory.Request(proposer.Address, create, Arena.Options.InitialBond));
        return Contracts.Game.At(CreatedGame(receipt));
    }

    /// <summary>The game that a transaction of the factory made.</summary>
    internal static Address CreatedGame(TransactionReceipt receipt) => ContractCodec
        .DecodeEvent<DisputeGameFactory.DisputeGameCreatedEvent>(receipt.Logs.Single(
            ContractCodec.Matches<DisputeGameFactory.DisputeGameCreatedEvent>))
        .DisputeProxy;

    /// <summary>Lets an attack that nobody answers refute a game's root.</summary>
    internal async Task LoseAsync(Contract game)
    {
        await AttackAsync(game);
        await Arena.L1.AdvanceAsync(Arena.Options.MaxClockSeconds + 1);
        await CallAsync(game, new FaultDisputeGame.ResolveClaimFunction { ClaimIndex = 1 });
        await ResolveAsync(game);
        Assert.Equal(GameStatus.ChallengerWins, await StatusAsync(game));
    }

    internal async Task AttackAsync(Contract game)
    {
        BigInteger bond = (await game.ReadAsync(
            new FaultDisputeGame.GetRequiredBondFunction { Position = new Position(2) })).RequiredBond;
        Bytes32 root = (await game.ReadAsync(new FaultDisputeGame.RootClaimFunction())).RootClaim;
        FaultDisputeGame.AttackFunction attack =
            new() { Disputed = root, Claim = Bytes32.Keccak256("other"u8) };
        await CallAsync(game, attack, bond);
    }

    /// <summary>Lets a root stand that nobody attacked.</summary>
    internal async Task WinAsync(Contract game)
    {
        await PassClockAsync();
        await ResolveAsync(game);
        Assert.Equal(GameStatus.DefenderWins, await StatusAsync(game));
    }

    internal Task PassClockAsync() => Arena.L1.AdvanceAsync(Arena.Options.MaxClockSeconds + 1);

    internal async Task ResolveAsync(Contract game)
    {
        await CallAsync(game, new FaultDisputeGame.ResolveClaimFunction());
        await CallAsync(game, new FaultDisputeGame.ResolveFunction());
    }

    /// <summary>A transaction of the challenger on L1.</summary>
    internal Task<TransactionReceipt> CallAsync(
        Contract contract, FunctionMessage call, BigInteger wei = default)
    {
        TransactionSender sender = Arena.OnL1(Arena.Accounts.Challenger);
        return sender.SendAsync(contract.Request(sender.Address, call, wei));
    }

    private static async Task<GameStatus> StatusAsync(Contract game) =>
        (await game.ReadAsync(new FaultDisputeGame.StatusFunction())).Value;

    internal async Task<WithdrawalStatus> StatusAsync(InitiatedWithdrawal withdrawal)
    {
        WithdrawalStatus status = await User.Reader.ReadAsync(withdrawal);
        Assert.NotEmpty(status.Explanation);
        return status;
    }

    internal async Task<WithdrawalStatus> AssertStageAsync(
        InitiatedWithdrawal withdrawal, WithdrawalStage stage, WithdrawalAction next)
    {
        WithdrawalStatus status = await StatusAsync(withdrawal);
        Assert.Equal((stage, BlockReason.None, next), (status.Stage, status.Reason, status.Next));
        return status;
    }

    /// <summary>
    /// Blocked for this reason, and the portal itself refuses to pay by the proof that the user has.
    /// </summary>
    internal async Task<WithdrawalStatus> AssertBlockedAsync(
        InitiatedWithdrawal withdrawal, BlockReason reason, WithdrawalAction next)
    {
        WithdrawalStatus status = await StatusAsync(withdrawal);
        Assert.Equal(
            (WithdrawalStage.Blocked, reason, next), (status.Stage, status.Reason, status.Next));
        NotReadyException error =
            await Assert.ThrowsAsync<NotReadyException>(() => User.FinalizeAsync(withdrawal));
        Assert.Equal(reason, error.Status.Reason);
        await Assert.ThrowsAsync<RevertedException>(() => PayUncheckedAsync(withdrawal, null));
        return status;
    }

    /// <summary>Asks the portal for payment by the user's proof without a look at the status.</summary>
    internal Task<TransactionReceipt> PayUncheckedAsync(
        InitiatedWithdrawal withdrawal, ulong? gas = Gas)
    {
        TransactionSender user = Arena.OnL1(Arena.Accounts.User);
        CallRequest pay = Portal.Request(
            user.Address,
            new OptimismPortal2.FinalizeWithdrawalTransactionExternalProofFunction
            {
                Tx = withdrawal.Withdrawal.Transaction,
                ProofSubmitter = user.Address,
            });
        return user.SendAsync(pay with { GasLimit = gas });
    }

    internal Task<BigInteger> BalanceAsync(Address account) => Arena.L1.Node.GetBalanceAsync(account);
}
