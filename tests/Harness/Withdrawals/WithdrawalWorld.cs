using System;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;
using Culverin.Harness.Withdrawals;
using Xunit;

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

    internal static async Task<WithdrawalWorld> StartAsync(ClassicArenaFixture fixture)
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
            "depositTransaction",
            [helper.Address, 0, 100_000, false, Array.Empty<byte>()],
            wei));
    }

    internal Task<InitiatedWithdrawal> WithdrawAsync() =>
        Initiator.WithdrawEtherAsync(Arena.Accounts.User.Address, ArenaOptions.Ether);

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
        AbiValue[] arguments = [(ulong)type, root, Bytes32.FromInteger(block).ToArray()];
        CallRequest create =
            factory.Request(proposer.Address, "create", arguments, Arena.Options.InitialBond);
        TransactionReceipt receipt = await proposer.SendAsync(create, [factory.Abi]);
        AbiEvent created = factory.Abi.Event("DisputeGameCreated");
        return Contracts.Game.At(
            created.Decode(receipt.Logs.Single(created.Matches))[0].AsAddress());
    }

    /// <summary>Lets an attack that nobody answers refute a game's root.</summary>
    internal async Task LoseAsync(Contract game)
    {
        await AttackAsync(game);
        await Arena.L1.AdvanceAsync(Arena.Options.MaxClockSeconds + 1);
        await CallAsync(game, "resolveClaim", [1, 0]);
        await ResolveAsync(game);
        Assert.Equal(1, (await game.ReadAsync("status")).AsInteger());
    }

    internal async Task AttackAsync(Contract game)
    {
        BigInteger bond = (await game.ReadAsync("getRequiredBond", [2])).AsInteger();
        Bytes32 root = (await game.ReadAsync("rootClaim")).AsBytes32();
        await CallAsync(game, "attack", [root, 0, Bytes32.Keccak256("other"u8)], bond);
    }

    /// <summary>Lets a root stand that nobody attacked.</summary>
    internal async Task WinAsync(Contract game)
    {
        await PassClockAsync();
        await ResolveAsync(game);
        Assert.Equal(2, (await game.ReadAsync("status")).AsInteger());
    }

    internal Task PassClockAsync() => Arena.L1.AdvanceAsync(Arena.Options.MaxClockSeconds + 1);

    internal async Task ResolveAsync(Contract game)
    {
        await CallAsync(game, "resolveClaim", [0, 0]);
        await CallAsync(game, "resolve", []);
    }

    /// <summary>A transaction of the challenger on L1.</summary>
    internal Task<TransactionReceipt> CallAsync(
        Contract contract, string function, AbiValue[] arguments, BigInteger wei = default)
    {
        TransactionSender sender = Arena.OnL1(Arena.Accounts.Challenger);
        return sender.SendAsync(
            contract.Request(sender.Address, function, arguments, wei), [contract.Abi]);
    }

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
            "finalizeWithdrawalTransactionExternalProof",
            [withdrawal.Withdrawal.Values, user.Address]);
        return user.SendAsync(pay with { GasLimit = gas }, [Portal.Abi]);
    }

    internal Task<BigInteger> BalanceAsync(Address account) => Arena.L1.Node.GetBalanceAsync(account);
}
