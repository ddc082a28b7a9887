using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Report.Pages;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Values;
using Culverin.Harness.Withdrawals.Messages;

namespace Culverin.Harness.Cli.Demo.Theft;

/// <summary>Makes of what happened a story with games and withdrawals.</summary>
internal sealed class TheftStory(
    TheftWorld world,
    StoryRecorder recorder,
    RollupChapter rollup,
    DisputeChapter dispute,
    VerdictChapter verdict)
{
    private ArenaOptions Options => world.Arena.Options;

    /// <summary>Reads the games once more and tells it all.</summary>
    public async Task<Story> CreateAsync(CancellationToken cancellation)
    {
        List<GameStory> games = [];
        foreach (TheftProposal proposal in rollup.Proposals)
        {
            games.Add(await GameOfAsync(proposal, cancellation).ConfigureAwait(false));
        }

        GameStory forged = await GameOfAsync(dispute.Proposal!, cancellation).ConfigureAwait(false);
        forged = forged with
        {
            Truths = await TruthsAsync(forged.Game, cancellation).ConfigureAwait(false),
            Transactions = dispute.Transactions,
            Step = dispute.Step,
        };
        games.Add(forged);
        BigInteger lost = forged.Deposits[world.Arena.Accounts.Thief.Address];
        return new Story
        {
            Title = "A theft, stopped at one instruction",
            Summary = SummaryOf(),
            Actors = world.Actors,
            Timeline = recorder.Timeline,
            Withdrawals = [Honest(), Stolen()],
            Games = games,
            Expectations = recorder.Expectations,
            Figures =
            [
                new("stolen, of 1,000 ETH that were within reach", "0 ETH"),
                new("paid to the user, to the wei", Wording.Ether(RollupChapter.AmountWei)),
                new(
                    $"of {Wording.Number(dispute.Step?.RunSteps ?? 0)} had to be executed on L1",
                    "1 instruction"),
                new("lost by the thief, won by the challenger", Wording.RoundedEther(lost)),
            ],
            Facts = [.. Facts(forged.Game)],
        };
    }

    private static string SummaryOf() =>
        $"A user withdraws {Wording.Ether(RollupChapter.AmountWei)} from an L2. A proposer turns thief, and "
        + "claims on L1 a state of that L2 in which "
        + $"{Wording.Ether(RollupChapter.DepositsWei)} go to the thief. It never was, but the portal cannot "
        + "know: it accepts the thief’s proof. A challenger runs the fault-proof program, which derives the "
        + "L2 from L1 and executes it, disagrees, and disputes the thief’s claims until one instruction is "
        + "left, which a contract executes. All of it happened on local chains, with the contracts that run "
        + "in production and with production’s delays.";

    private async Task<GameStory> GameOfAsync(TheftProposal proposal, CancellationToken cancellation)
    {
        Game game = await world.ReadAsync(proposal.Game, cancellation).ConfigureAwait(false);
        return new GameStory
        {
            Name = proposal.Name,
            Address = proposal.Game.Address,
            CreatedAt = proposal.CreatedAt,
            Game = game,
            Transactions = [TransactionFacts.Of(proposal.Creation)],
            Deposits = game.Claims
                .GroupBy(claim => claim.Claimant)
                .ToDictionary(
                    claims => claims.Key,
                    claims => claims.Aggregate(BigInteger.Zero, (sum, claim) => sum + claim.Bond)),
            Payments = verdict.PaymentsOf(proposal.Game),
        };
    }

    private async Task<IReadOnlyList<bool?>> TruthsAsync(Game game, CancellationToken cancellation)
    {
        using OpenTrace trace = await world.TracesOf("observer")
            .OpenAsync(game, cancellation)
            .ConfigureAwait(false);
        List<bool?> truths = [];
        foreach (Claim claim in game.Claims)
        {
            Bytes32 right = await trace.Trace
                .RightValueAsync(game, claim, cancellation)
                .ConfigureAwait(false);
            truths.Add(right == claim.Value);
        }

        return truths;
    }

    private WithdrawalStory Honest()
    {
        ulong asked = At("user", StoryChain.L2);
        ulong proven = recorder.Timeline
            .First(entry => entry is { Actor: "user", Chain: StoryChain.L1, Kind: EntryKind.Event })
            .TimestampSeconds;
        return new WithdrawalStory
        {
            Name = "the user’s withdrawal",
            Actor = "user",
            AmountWei = RollupChapter.AmountWei,
            BlockNumber = rollup.Withdrawal!.BlockNumber,
            Hash = rollup.Withdrawal.Withdrawal.Hash,
            End = verdict.IsDelivered ? WithdrawalEnd.Paid : WithdrawalEnd.Undelivered,
            Money = verdict.IsDelivered ? MoneyPlace.Target : MoneyPlace.Portal,
            EndText = verdict.IsDelivered
                ? "Paid to the wei, as soon as both delays were over."
                : "The portal has executed it, and the user’s account refused the money.",
            Milestones =
            [
                new("asked for", asked, $"On L2, in block {rollup.Withdrawal.BlockNumber}."),
                new("covered", rollup.Proposals[2].CreatedAt, "Proposal 3 is the first that holds it."),
                new("proven", proven, "The portal checks the Merkle proof."),
                new("proposal stands", verdict.ResolvedAt, "Its game is resolved: nobody disputed it."),
                new("paid", verdict.PaidAt, "The proof is 7 days old, the game resolved 3.5 days ago."),
            ],
        };
    }

    private WithdrawalStory Stolen() => new()
    {
        Name = "the thief’s withdrawal",
        Actor = "thief",
        AmountWei = rollup.Forged!.Withdrawal.Value,
        BlockNumber = rollup.Forged.BlockNumber,
        Hash = rollup.Forged.Withdrawal.Hash,
        End = WithdrawalEnd.Dead,
        Money = MoneyPlace.Portal,
        EndText = "Its only proof hangs on a game that was lost: it can never be paid.",
        Milestones =
        [
            new("forged", dispute.Proposal!.CreatedAt, "Nobody asked for it on L2."),
            new("proven", dispute.ProvenAt, "Against the thief’s own proposal."),
            new("disputed", At("challenger", StoryChain.L1), "The challenger’s first claim."),
            new("proposal falls", verdict.ResolvedAt, "The challenger has won the game."),
            new("refused", verdict.PaidAt, "The portal does not pay by a lost game."),
        ],
    };

    private ulong At(string actor, StoryChain chain) => recorder.Timeline
        .First(entry => entry.Actor == actor && entry.Chain == chain)
        .TimestampSeconds;

    private IEnumerable<StoryFact> Facts(Game game) =>
    [
        new("contracts", "OptimismPortal2 3.10.0, FaultDisputeGame 1.2.0, MIPS 1.0.1, on a local chain"),
        new(
            "fault-proof program",
            "our own, in Go, for MIPS32; derives the L2 from L1 and executes it: nobody’s word counts"),
        new("its first state", game.Rules.AbsolutePrestate.ToString()),
        new("game depth", $"{game.Rules.MaxDepth}, split at {game.Rules.SplitDepth} (production: 73 and 30)"),
        new("chess clock", $"{Wording.Duration(Options.MaxClockSeconds)} for each side, as in production"),
        new("a proof matures in", $"{Wording.Duration(Options.ProofMaturitySeconds)}, as in production"),
        new("air gap after a game", $"{Wording.Duration(Options.GameFinalitySeconds)}, as in production"),
        new("bonds are held for", $"{Wording.Duration(Options.BondDelaySeconds)}, as in production"),
        new("blocks", $"L1 every {Options.L1BlockSeconds} s, L2 every {Options.L2BlockSeconds} s"),
        new("to see it again", "./build.sh demo"),
    ];
}
