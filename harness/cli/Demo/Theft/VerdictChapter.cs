using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals;
using Culverin.Harness.Withdrawals.Messages;
using Culverin.Harness.Withdrawals.Status;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>
/// Time passes; games are resolved, bonds and withdrawal are paid, and the thief gets nothing.
/// </summary>
internal sealed class VerdictChapter(
    TheftWorld world,
    StoryRecorder story,
    RollupChapter before,
    DisputeChapter dispute,
    CancellationToken cancellation)
{
    private readonly Dictionary<Address, Dictionary<Address, BigInteger>> _payments = [];

    /// <summary>When games were resolved, in seconds since 1970.</summary>
    public ulong ResolvedAt { get; private set; }

    /// <summary>When the user could be paid first by the status that was told.</summary>
    public ulong ReadyAt { get; private set; }

    /// <summary>When the user was paid.</summary>
    public ulong PaidAt { get; private set; }

    /// <summary>Whether the money of that payment arrived.</summary>
    public bool IsDelivered { get; private set; }

    /// <summary>Wei that were paid from the bonds of a game.</summary>
    public IReadOnlyDictionary<Address, BigInteger> PaymentsOf(Contract game) => _payments[game.Address];

    /// <summary>Tells the chapter.</summary>
    public async Task TellAsync()
    {
        story.Chapter = "The verdict: all clocks run out";
        await world.Arena.L1
            .AdvanceAsync(world.Arena.Options.MaxClockSeconds, cancellation)
            .ConfigureAwait(false);
        await ResolveAsync().ConfigureAwait(false);
        await FailToPayAsync().ConfigureAwait(false);
        story.Chapter = "Everyone gets their due";
        await PayUserAsync().ConfigureAwait(false);
        await PayBondsAsync().ConfigureAwait(false);
        await CheckEndAsync().ConfigureAwait(false);
    }

    private async Task ResolveAsync()
    {
        await PlayAsync("challenger", world.Arena.Accounts.Challenger, dispute.Proposal!)
            .ConfigureAwait(false);
        foreach (TheftProposal proposal in before.Proposals)
        {
            await PlayAsync("proposer", world.Arena.Accounts.Proposer, proposal).ConfigureAwait(false);
        }

        Block head = await world.L1
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        ResolvedAt = head.Timestamp;
        await ExpectStatusAsync(dispute.Proposal!, GameStatus.ChallengerWins).ConfigureAwait(false);
        foreach (TheftProposal proposal in before.Proposals)
        {
            await ExpectStatusAsync(proposal, GameStatus.DefenderWins).ConfigureAwait(false);
        }
    }

    private async Task ExpectStatusAsync(TheftProposal proposal, GameStatus expected)
    {
        Game game = await world.ReadAsync(proposal.Game, cancellation).ConfigureAwait(false);
        story.Expect($"{proposal.Name}: {expected}", game.Status == expected, $"{game.Status}");
    }

    // Round after round, until there is nothing left to do now.
    private async Task PlayAsync(string actor, ArenaAccount account, TheftProposal proposal)
    {
        using GamePlayer player =
            world.PlayerOf(account, proposal.Game.Address, world.TracesOf(account.Name));
        GameRecord record;
        do
        {
            Block head = await world.L1
                .GetBlockAsync(BlockReference.Latest, cancellation)
                .ConfigureAwait(false);
            record = await player.PlayAsync(head, cancellation).ConfigureAwait(false);
            if (record.Failure is { } failure)
            {
                throw new ChainException(ChainFailure.BadAnswer, failure);
            }

            foreach (PlayerAction action in record.Actions)
            {
                await TellAsync(actor, proposal, action).ConfigureAwait(false);
            }
        }
        while (record.Actions.Count > 0);
    }

    private Task TellAsync(string actor, TheftProposal proposal, PlayerAction action) =>
        action.Intent.Kind switch
        {
            PlayerActionKind.ResolveClaim => story.AddAsync(
                StoryChain.L1,
                actor,
                $"resolves claim {action.Intent.ClaimIndex} of {proposal.Name}",
                action.Receipt,
                kind: EntryKind.Routine),
            PlayerActionKind.ResolveGame => story.AddAsync(
                StoryChain.L1, actor, $"resolves the game about {proposal.Name}", action.Receipt),
            _ => story.AddAsync(
                StoryChain.L1, actor, $"{action.Intent.Kind}: {action.Intent.Reason}", action.Receipt),
        };

    private async Task FailToPayAsync()
    {
        await story.RefuseAsync(
            "user",
            "tries to be paid at once",
            () => FinalizeAsync(world.Arena.Accounts.User, before.Withdrawal!.Withdrawal),
            "OptimismPortal: proven withdrawal has not matured yet").ConfigureAwait(false);
    }

    private Task<TransactionReceipt> FinalizeAsync(ArenaAccount account, Withdrawal withdrawal)
    {
        TransactionSender sender = world.Arena.OnL1(account);
        Contract portal = world.Withdrawals.Portal;
        CallRequest call = portal.Request(
            sender.Address,
            new OptimismPortal2.FinalizeWithdrawalTransactionFunction { Tx = withdrawal.Transaction });
        return sender.SendAsync(call, cancellation);
    }

    private async Task PayUserAsync()
    {
        ArenaAccount user = world.Arena.Accounts.User;
        WithdrawalClient client = new(world.Withdrawals, world.Arena.OnL1(user));
        WithdrawalStatus status = await client.Reader
            .ReadAsync(before.Withdrawal!, cancellation: cancellation)
            .ConfigureAwait(false);
        story.Expect(
            "our client tells the exact second of the payment",
            status.ReadyAt is not null,
            status.Explanation);
        ReadyAt = status.ReadyAt ?? status.L1Timestamp;
        await world.Arena.L1.AdvanceToAsync(ReadyAt, cancellation).ConfigureAwait(false);
        ArenaAccount thief = world.Arena.Accounts.Thief;
        await story.RefuseAsync(
            "thief",
            "tries to be paid, the proof being old enough too",
            () => FinalizeAsync(thief, before.Forged!.Withdrawal),
            "OptimismPortal: output proposal has not been validated").ConfigureAwait(false);
        Address portal = world.Withdrawals.Portal.Address;
        BigInteger userBefore = await world.BalanceAsync(user.Address, cancellation).ConfigureAwait(false);
        BigInteger portalBefore = await world.BalanceAsync(portal, cancellation).ConfigureAwait(false);
        WithdrawalPayment payment = await client
            .FinalizeAsync(before.Withdrawal!, cancellation: cancellation)
            .ConfigureAwait(false);
        BigInteger fee = payment.Receipt.Fee;
        BigInteger userAfter = await world.BalanceAsync(user.Address, cancellation).ConfigureAwait(false);
        BigInteger portalAfter = await world.BalanceAsync(portal, cancellation).ConfigureAwait(false);
        Block block = await world.L1
            .GetBlockAsync(payment.Receipt.BlockNumber, cancellation)
            .ConfigureAwait(false);
        PaidAt = block.Timestamp;
        IsDelivered = payment.IsDelivered;
        story.Expect("the user’s account took the call with the money", payment.IsDelivered);
        await story.AddAsync(
            StoryChain.L1, "user", "is paid by the portal", payment.Receipt, RollupChapter.AmountWei)
            .ConfigureAwait(false);
        story.ExpectWei(
            "the user has what was withdrawn, to the wei",
            RollupChapter.AmountWei,
            userAfter - userBefore + fee);
        story.ExpectWei(
            "the portal has paid exactly that", RollupChapter.AmountWei, portalBefore - portalAfter);
    }

    private async Task PayBondsAsync()
    {
        await world.Arena.L1
            .AdvanceToAsync(ResolvedAt + world.Arena.Options.BondDelaySeconds + 1, cancellation)
            .ConfigureAwait(false);
        await PayAsync("challenger", world.Arena.Accounts.Challenger, dispute.Proposal!)
            .ConfigureAwait(false);
        foreach (TheftProposal proposal in before.Proposals)
        {
            await PayAsync("proposer", world.Arena.Accounts.Proposer, proposal).ConfigureAwait(false);
        }
    }

    // What the account has more afterwards, and what it paid for gas.
    private async Task PayAsync(string actor, ArenaAccount account, TheftProposal proposal)
    {
        using GamePlayer player =
            world.PlayerOf(account, proposal.Game.Address, world.TracesOf(account.Name));
        BigInteger held = await world.BalanceAsync(account.Address, cancellation).ConfigureAwait(false);
        Block head = await world.L1
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        GameRecord record = await player.PlayAsync(head, cancellation).ConfigureAwait(false);
        BigInteger fees = record.Actions.Aggregate(
            BigInteger.Zero,
            (sum, action) => sum + action.Receipt.Fee);
        BigInteger paid =
            await world.BalanceAsync(account.Address, cancellation).ConfigureAwait(false) - held + fees;
        _payments[proposal.Game.Address] = new Dictionary<Address, BigInteger> { [account.Address] = paid };
        foreach (PlayerAction action in record.Actions)
        {
            await story.AddAsync(
                StoryChain.L1, actor, $"is paid from the bonds of {proposal.Name}", action.Receipt, paid)
                .ConfigureAwait(false);
        }

        Game game = await world.ReadAsync(proposal.Game, cancellation).ConfigureAwait(false);
        BigInteger bonds = game.Claims.Aggregate(BigInteger.Zero, (sum, claim) => sum + claim.Bond);
        story.ExpectWei($"{proposal.Name}: all bonds are the {actor}’s, to the wei", bonds, paid);
        DelayedWETH.BalanceOfResult left = await world.Disputes.Weth
            .ReadAsync(
                new DelayedWETH.BalanceOfFunction { Value = proposal.Game.Address },
                cancellation: cancellation)
            .ConfigureAwait(false);
        story.ExpectWei($"{proposal.Name}: nothing is left of the bonds", 0, left.Value);
    }

    private async Task CheckEndAsync()
    {
        await story.RefuseAsync(
            "thief",
            "tries once more",
            () => FinalizeAsync(world.Arena.Accounts.Thief, before.Forged!.Withdrawal),
            "OptimismPortal: output proposal has not been validated").ConfigureAwait(false);
        await story.RefuseAsync(
            "user",
            "tries to be paid a second time",
            () => FinalizeAsync(world.Arena.Accounts.User, before.Withdrawal!.Withdrawal),
            "OptimismPortal: withdrawal has already been finalized").ConfigureAwait(false);
        FaultDisputeGame.CreditResult credit = await dispute.Proposal!.Game
            .ReadAsync(
                new FaultDisputeGame.CreditFunction { Value = world.Arena.Accounts.Thief.Address },
                cancellation: cancellation)
            .ConfigureAwait(false);
        story.ExpectWei("the thief is owed nothing", 0, credit.Value);
        story.ExpectWei(
            "the portal holds all other deposits",
            RollupChapter.DepositsWei - RollupChapter.AmountWei,
            await world.BalanceAsync(world.Withdrawals.Portal.Address, cancellation).ConfigureAwait(false));
    }
}
