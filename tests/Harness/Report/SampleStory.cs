using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Report.Stories;
using Culverin.Harness.Values;

namespace Culverin.Harness.Tests.Report;

/// <summary>
/// A made-up story with every kind of thing that a page shows, branches of the tree included.
/// </summary>
internal static class SampleStory
{
    internal const int SplitDepth = 4;
    internal const int MaxDepth = 10;

    private const ulong Start = 1_760_000_000;
    private const ulong Day = 86_400;

    internal static Address Challenger { get; } = Address.OfCreated(default, 1);

    internal static Address Thief { get; } = Address.OfCreated(default, 2);

    internal static Address Stranger { get; } = Address.OfCreated(default, 3);

    /// <summary>The story; a text stands everywhere where a text from outside may.</summary>
    internal static Story Create(string text = "") => new()
    {
        Title = "A made-up story" + text,
        Summary = "Nothing of this happened." + text,
        Actors =
        [
            new Actor("challenger" + text, Challenger, ActorRole.Honest),
            new Actor("thief" + text, Thief, ActorRole.Dishonest),
        ],
        Figures = [new StoryFact("made up" + text, "17" + text)],
        Facts = [new StoryFact("depth" + text, "10" + text)],
        Timeline = [.. Timeline(text)],
        Withdrawals = [Withdrawal(text, WithdrawalEnd.Paid), Withdrawal(text, WithdrawalEnd.Dead)],
        Games = [Proposal(text), Dispute(text)],
        Expectations =
        [
            new Expectation("something" + text, true, "so" + text),
            new Expectation("another" + text, true, ""),
        ],
    };

    private static IEnumerable<TimelineEntry> Timeline(string text)
    {
        for (int place = 0; place < 12; place++)
        {
            yield return new TimelineEntry
            {
                Chapter = (place < 6 ? "First" : "Second") + text,
                Chain = (StoryChain)(place % 3),
                BlockNumber = (ulong)place * 1_000,
                TimestampSeconds = Start + ((ulong)place * 40_000),
                Actor = (place % 2 == 0 ? "thief" : "challenger") + text,
                Text = $"does number {place}{text}",
                Kind = place > 5 ? EntryKind.Move : place == 4 ? EntryKind.Refusal : EntryKind.Event,
                Detail = place == 4 ? "InvalidProof()" + text : null,
                Gas = place % 2 == 0 ? 171_234ul : null,
                AmountWei = place % 2 == 0 ? (ArenaOptions.Ether * place) + 1 : null,
                Transaction = Bytes32.FromInteger(place),
            };
        }
    }

    private static WithdrawalStory Withdrawal(string text, WithdrawalEnd end) => new()
    {
        Name = (end == WithdrawalEnd.Paid ? "a withdrawal" : "a theft") + text,
        Actor = (end == WithdrawalEnd.Paid ? "challenger" : "thief") + text,
        AmountWei = ArenaOptions.Ether * 5 / 2,
        BlockNumber = 250,
        Hash = Bytes32.Keccak256([1]),
        End = end,
        EndText = "It ended." + text,
        Milestones =
        [
            new Milestone("asked for" + text, Start, "On L2, in block 250." + text),
            new Milestone("proven", Start + (Day / 2), "On proposal 3."),
            new Milestone("old enough", Start + (7 * Day), "Seven days after its proof."),
            new Milestone("paid", Start + (8 * Day), "To the wei."),
        ],
    };

    private static GameStory Proposal(string text)
    {
        Claim root = ClaimOf(0, null, Position.Root, Challenger);
        return new GameStory
        {
            Name = "proposal 1" + text,
            Address = Stranger,
            CreatedAt = Start,
            Game = GameOf([root with { IsResolved = true }], GameStatus.DefenderWins, 100),
        };
    }

    private static GameStory Dispute(string text)
    {
        List<Claim> claims = [ClaimOf(0, null, Position.Root, Thief)];
        while (claims[^1].Position.Depth < MaxDepth)
        {
            Claim last = claims[^1];
            bool isAttack = claims.Count % 3 != 0;
            Address claimant = claims.Count % 2 == 0 ? Thief : Challenger;
            claims.Add(ClaimOf(claims.Count, last.Index, last.Position.Move(isAttack), claimant));
        }

        // Branches: a stranger beside the challenger, the thief once more, and one further down.
        claims.Add(ClaimOf(claims.Count, 0, Position.Root.Attack(), Stranger));
        claims.Add(ClaimOf(claims.Count, 1, claims[1].Position.Move(true), Thief));
        claims.Add(ClaimOf(claims.Count, 5, claims[5].Position.Move(false), Stranger));
        Claim[] ended =
        [
            .. claims.Select(claim => claim with
            {
                CounteredBy = claim.Claimant == Thief ? Challenger : null,
                IsResolved = true,
            }),
        ];
        return new GameStory
        {
            Name = "a forged proposal" + text,
            Address = Stranger,
            CreatedAt = Start + Day,
            Game = GameOf(ended, GameStatus.ChallengerWins, 300),
            Truths = [.. ended.Select(claim => (bool?)(claim.Claimant == Challenger))],
            Transactions =
            [
                .. ended.Select(claim =>
                    new TransactionFacts(Bytes32.FromInteger(claim.Index), 7, 250_000)),
            ],
            Step = StepOf(text),
            Deposits = new Dictionary<Address, BigInteger>
            {
                [Thief] = 190 * ArenaOptions.Ether,
                [Challenger] = (110 * ArenaOptions.Ether) + 1,
            },
            Payments = new Dictionary<Address, BigInteger>
            {
                [Challenger] = (300 * ArenaOptions.Ether) + 1,
            },
        };
    }

    private static StepStory StepOf(string text) => new()
    {
        Actor = "challenger" + text,
        ClaimIndex = MaxDepth,
        IsAttack = true,
        StepNumber = 20_123_455,
        RunSteps = 20_123_458,
        Instruction = "lw $a0, 4($sp)" + text,
        Before = Bytes32.Keccak256([2]),
        After = Bytes32.Keccak256([3]),
        Claimed = Bytes32.Keccak256([4]),
        Preimage = "a header" + text,
        Transaction = new TransactionFacts(Bytes32.Keccak256([5]), 99, 171_000),
    };

    private static Claim ClaimOf(int index, int? parent, Position position, Address claimant) => new()
    {
        Index = index,
        ParentIndex = parent,
        Position = position,
        Value = Bytes32.Keccak256([(byte)index]),
        Claimant = claimant,
        Bond = ArenaOptions.Ether * (index + 1) / 7,
        Clock = new GameClock((ulong)index * 17, Start + ((ulong)index * 12)),
    };

    private static Game GameOf(IReadOnlyList<Claim> claims, GameStatus status, ulong block) => new(
        new GameRules
        {
            MaxDepth = MaxDepth,
            SplitDepth = SplitDepth,
            MaxClockSeconds = 300_000,
            ClockExtensionSeconds = 10,
            AbsolutePrestate = Bytes32.Keccak256([6]),
            Bonds = [.. Enumerable.Repeat(BigInteger.One, MaxDepth + 1)],
        },
        claims)
    {
        Status = status,
        TimestampSeconds = Start + (9 * Day),
        StartingBlock = 1,
        ClaimedBlock = block,
    };
}
