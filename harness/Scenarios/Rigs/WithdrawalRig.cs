using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;
using Nethereum.Contracts;
using Contract = Culverin.Harness.Rpc.Contract;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// A scenario's arena whose portal owns ether, and what happens to withdrawals there. Blocks are one second
/// apart: a transaction lands in the second after the head's.
/// </summary>
internal sealed class WithdrawalRig
{
    // Given where a transaction must get into a block although it will revert there.
    private const ulong Gas = 1_000_000;

    private readonly ScenarioRun _run;

    private WithdrawalRig(ScenarioRun run)
    {
        _run = run;
        Contracts = WithdrawalContracts.Of(Arena);
        Initiator = new WithdrawalInitiator(Contracts, Arena.OnL2(Arena.Accounts.User));
        User = new WithdrawalClient(Contracts, Arena.OnL1(Arena.Accounts.User));
        Helper = new WithdrawalClient(Contracts, Arena.OnL1(Arena.Accounts.Helper));
    }

    internal IArena Arena => _run.Arena;

    internal WithdrawalContracts Contracts { get; }

    internal WithdrawalInitiator Initiator { get; }

    /// <summary>Proves and pays as the user.</summary>
    internal WithdrawalClient User { get; }

    /// <summary>Proves and pays as somebody else.</summary>
    internal WithdrawalClient Helper { get; }

    internal Contract Portal => Arena.Contracts.Portal;

    internal Address UserAddress => Arena.Accounts.User.Address;

    /// <summary>Deposits ether of another, so that the portal can pay.</summary>
    internal static async Task<WithdrawalRig> StartAsync(ScenarioRun run)
    {
        WithdrawalRig rig = new(run);
        _ = await rig.DepositAsync(run.Arena.Accounts.Helper, 10 * ArenaOptions.Ether).ConfigureAwait(false);
        return rig;
    }

    /// <summary>Deposits ether of an account for itself on L2.</summary>
    internal Task<TransactionReceipt> DepositAsync(ArenaAccount account, BigInteger wei) =>
        SendAsync(
            account,
            Portal,
            new OptimismPortal2.DepositTransactionFunction
            {
                To = account.Address,
                Value = wei,
                GasLimit = 100_000,
            },
            wei);

    /// <summary>The user asks on L2 for one ether.</summary>
    internal Task<InitiatedWithdrawal> WithdrawAsync() =>
        Initiator.WithdrawEtherAsync(UserAddress, ArenaOptions.Ether, cancellation: _run.Cancellation);

    /// <summary>
    /// Creates a game for an L2 block, the newest unless named, one second before the head.
    /// </summary>
    internal async Task<GameClient> ProposeAsync(ulong? number = null, uint type = GameTypes.Fault)
    {
        GameClient game = await ProposeAtHeadAsync(number, type).ConfigureAwait(false);
        await Arena.L1.AdvanceAsync(1, _run.Cancellation).ConfigureAwait(false);
        return game;
    }

    /// <summary>The same at the head.</summary>
    internal async Task<GameClient> ProposeAtHeadAsync(ulong? number = null, uint type = GameTypes.Fault)
    {
        ulong block = number
            ?? await Arena.L2.Node.GetBlockNumberAsync(_run.Cancellation).ConfigureAwait(false);
        OutputRoot output = await OutputRoot
            .ReadAsync(Arena.L2.Node, block, _run.Cancellation)
            .ConfigureAwait(false);
        return await GameClient
            .CreateAsync(
                Arena.Contracts.Factory,
                Contracts.Game,
                Arena.OnL1(Arena.Accounts.Proposer),
                new GameProposal(type, output.Hash, block),
                _run.Cancellation)
            .ConfigureAwait(false);
    }

    /// <summary>Lets a root stand that nobody attacked.</summary>
    internal async Task WinAsync(GameClient game)
    {
        await PassClockAsync().ConfigureAwait(false);
        _ = await game.ResolveClaimAsync(0, 0, _run.Cancellation).ConfigureAwait(false);
        _ = await game.ResolveAsync(_run.Cancellation).ConfigureAwait(false);
        await ExpectStatusAsync(game, GameStatus.DefenderWins).ConfigureAwait(false);
    }

    /// <summary>Lets an attack that nobody answers refute a root, be it right or wrong.</summary>
    internal async Task LoseAsync(GameClient game)
    {
        GameClient attacker = new(game.Contract, Arena.OnL1(Arena.Accounts.Challenger));
        Game state = await game.ReadAsync(_run.Cancellation).ConfigureAwait(false);
        _ = await attacker
            .AttackAsync(
                state.Root, Bytes32.Keccak256("other"u8), state.Rules.Bonds[1], _run.Cancellation)
            .ConfigureAwait(false);
        await PassClockAsync().ConfigureAwait(false);
        _ = await attacker.ResolveClaimAsync(1, 0, _run.Cancellation).ConfigureAwait(false);
        _ = await attacker.ResolveClaimAsync(0, 0, _run.Cancellation).ConfigureAwait(false);
        _ = await attacker.ResolveAsync(_run.Cancellation).ConfigureAwait(false);
        await ExpectStatusAsync(game, GameStatus.ChallengerWins).ConfigureAwait(false);
    }

    /// <summary>Lets the time pass in which a game can be played.</summary>
    internal Task PassClockAsync() =>
        Arena.L1.AdvanceAsync(Arena.Options.MaxClockSeconds + 1, _run.Cancellation);

    internal Task<TransactionReceipt> SendAsync(
        ArenaAccount account,
        Contract contract,
        FunctionMessage message,
        BigInteger wei = default,
        ulong? gas = null)
    {
        TransactionSender sender = Arena.OnL1(account);
        CallRequest call = contract.Request(sender.Address, message, wei);
        return sender.SendAsync(call with { GasLimit = gas }, _run.Cancellation);
    }

    /// <summary>
    /// The user asks the portal for payment by a proof, the user's own unless named, without a look at the
    /// status.
    /// </summary>
    internal Task<TransactionReceipt> PayUncheckedAsync(
        InitiatedWithdrawal withdrawal, Address? prover = null) =>
        SendAsync(
            Arena.Accounts.User,
            Portal,
            new OptimismPortal2.FinalizeWithdrawalTransactionExternalProofFunction
            {
                Tx = withdrawal.Withdrawal.Transaction,
                ProofSubmitter = prover ?? UserAddress,
            },
            gas: Gas);

    /// <summary>The user hands a proof on the game of a number to the portal, be it right or wrong.</summary>
    internal Task<TransactionReceipt> ProveUncheckedAsync(
        Withdrawal withdrawal, WithdrawalProof proof, ulong gameIndex) =>
        SendAsync(
            Arena.Accounts.User,
            Portal,
            proof.Call(withdrawal, gameIndex),
            gas: Gas);

    internal Task<WithdrawalProof> ProofAsync(InitiatedWithdrawal withdrawal, ulong number) =>
        WithdrawalProof.BuildAsync(
            Arena.L2.Node, withdrawal.Withdrawal, number, _run.Cancellation);

    internal Task<WithdrawalStatus> StatusAsync(InitiatedWithdrawal withdrawal) =>
        User.Reader.ReadAsync(withdrawal, cancellation: _run.Cancellation);

    internal async Task<WithdrawalStatus> ExpectStageAsync(
        InitiatedWithdrawal withdrawal, WithdrawalStage stage, WithdrawalAction next)
    {
        WithdrawalStatus status = await StatusAsync(withdrawal).ConfigureAwait(false);
        _run.Expect(
            "The withdrawal's stage",
            (stage, BlockReason.None, next),
            (status.Stage, status.Reason, status.Next));
        return status;
    }

    /// <summary>
    /// Blocked for this reason, and the portal itself refuses to pay by the proof that the user has.
    /// </summary>
    internal async Task<WithdrawalStatus> ExpectBlockedAsync(
        InitiatedWithdrawal withdrawal, BlockReason reason, WithdrawalAction next)
    {
        WithdrawalStatus status = await StatusAsync(withdrawal).ConfigureAwait(false);
        _run.Expect(
            "The withdrawal's stage",
            (WithdrawalStage.Blocked, reason, next),
            (status.Stage, status.Reason, status.Next));
        _ = await _run
            .ExpectRevertAsync("Its payment", () => PayUncheckedAsync(withdrawal))
            .ConfigureAwait(false);
        return status;
    }

    /// <summary>Pays it out, and expects that the target gets it.</summary>
    internal async Task<WithdrawalPayment> FinalizeAsync(InitiatedWithdrawal withdrawal)
    {
        WithdrawalPayment payment = await User
            .FinalizeAsync(withdrawal, cancellation: _run.Cancellation)
            .ConfigureAwait(false);
        _run.Expect("Whether the money arrived", true, payment.IsDelivered);
        return payment;
    }

    /// <summary>Expects, as the outcome, that a withdrawal was paid out.</summary>
    internal async Task ExpectPaidAsync(InitiatedWithdrawal withdrawal)
    {
        WithdrawalStatus status = await StatusAsync(withdrawal).ConfigureAwait(false);
        _run.Expect("Where the money is", MoneyPlace.Target, status.Money);
        _run.ExpectOutcome(WithdrawalStage.Finalized, status.Stage);
    }

    internal async Task ExpectStatusAsync(GameClient game, GameStatus expected)
    {
        Game state = await game.ReadAsync(_run.Cancellation).ConfigureAwait(false);
        _run.Expect("The game's status", expected, state.Status);
    }

    internal Task<BigInteger> BalanceAsync(Address account) =>
        Arena.L1.Node.GetBalanceAsync(account, cancellation: _run.Cancellation);

    /// <summary>What a transaction cost its sender for gas.</summary>
    internal static BigInteger FeeOf(params TransactionReceipt[] receipts) => receipts.Aggregate(
        BigInteger.Zero, (sum, receipt) => sum + receipt.Fee);
}
