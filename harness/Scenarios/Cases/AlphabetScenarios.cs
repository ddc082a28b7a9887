using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>Whole games about the alphabet, whose machine is a toy and everything else real.</summary>
internal static class AlphabetScenarios
{
    /// <summary>The letter before the first.</summary>
    internal const int Letter = 96;

    private const int OddDepth = 7;
    private const int EvenDepth = 8;
    private const int SmallOddDepth = 5;
    private const int SmallEvenDepth = 6;
    private const int ManyMoves = 100;
    private const ulong ClaimedBlock = 4;
    private const byte InvalidStatus = 1;

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "A1",
            Title = "A forged root, defended by junk down to the split and by the right trace below",
            Proves = "The whole bisection works, from output roots to the step and the resolution.",
            Variants =
                [.. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Challenger })],
            Options = OptionsOf,
            Body = JunkThenRightAsync,
        },
        new()
        {
            Id = "A2",
            Title = "The bonds of a forged root that was given up",
            Proves = "Bonds are locked for the delay, then the player claims them; the loser gets nothing.",
            Variants =
                [.. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Challenger })],
            Options = OptionsOf,
            Body = ReclaimAsync,
        },
        new()
        {
            Id = "A3",
            Title = "A right root, attacked by junk and below that by the right trace",
            Proves = "The honest side defends a valid proposal to the last step.",
            Variants =
                [.. ScenarioVariant.Depths.Select(each => each with { Honest = HonestSide.Proposer })],
            Options = OptionsOf,
            Body = JunkThenRightAsync,
        },
        new()
        {
            Id = "A4",
            Title = "An opponent who makes every move there is, right and wrong, and against itself too",
            Proves = "No combination of moves beats the honest side; contract and solver agree.",
            Variants = ScenarioVariant.DepthsAndSides,
            Options = SmallOptionsOf,
            Body = ExhaustAsync,
        },
        new()
        {
            Id = "A5",
            Title = "A freeloader who counters what the honest side counters, before and after it",
            Proves = "The honest side counters what would take its reward, and the freeloader earns nothing.",
            Variants = ScenarioVariant.DepthsAndSides,
            Options = OptionsOf,
            Body = FreeloadAsync,
        },
    ];

    /// <summary>An arena for games about the alphabet.</summary>
    internal static ArenaOptions OptionsOf(ScenarioVariant variant) => ArenaChains.Usual with
    {
        Machine = ArenaMachine.Alphabet,
        AbsolutePrestate = AlphabetTrace.PrestateHash(Letter),
        MaxGameDepth = variant.Depth == DepthParity.Even ? EvenDepth : OddDepth,
    };

    // Small enough that every move can be made; each has an hour's transactions in its clock.
    private static ArenaOptions SmallOptionsOf(ScenarioVariant variant) => OptionsOf(variant) with
    {
        MaxGameDepth = variant.Depth == DepthParity.Even ? SmallEvenDepth : SmallOddDepth,
        MaxClockSeconds = 100_000,
    };

    /// <summary>Nobody's right value: the number, with a status that the contract takes.</summary>
    internal static Bytes32 Junk(int number) =>
        Bytes32.FromInteger(((BigInteger)InvalidStatus << 248) + number);

    // Whoever proposes is right when the honest side does, and claims junk otherwise.
    private static async Task<GameRig> StartAsync(ScenarioRun run)
    {
        ArenaAccounts accounts = run.Arena.Accounts;
        RollupRig rollup = new(run);
        await rollup.MakeBlocksAsync(ClaimedBlock).ConfigureAwait(false);
        bool isHonest = run.Variant.Honest == HonestSide.Proposer;
        Bytes32 root = isHonest
            ? await rollup.OutputAsync(ClaimedBlock).ConfigureAwait(false)
            : Junk(0);
        return await GameRig
            .CreateAsync(run, new GameSetup
            {
                Proposal = new GameProposal(GameTypes.Fault, root, ClaimedBlock),
                Proposer = isHonest ? accounts.Proposer : accounts.Thief,
                Honest = isHonest ? accounts.Proposer : accounts.Challenger,
                LastBlock = ClaimedBlock,
                Machine = new AlphabetMachine(Letter),
                Traces = new AlphabetGameTraces(Letter, run.Arena.Options.L2ChainId, _ => rollup.Outputs()),
            })
            .ConfigureAwait(false);
    }

    private static GameStatus DueStatus(ScenarioRun run) => run.Variant.Honest == HonestSide.Proposer
        ? GameStatus.DefenderWins
        : GameStatus.ChallengerWins;

    private static async Task JunkThenRightAsync(ScenarioRun run)
    {
        using GameRig rig = await StartAsync(run).ConfigureAwait(false);
        GameActor thief = rig.Actor(run.Arena.Accounts.Thief);
        _ = await rig.RespondAsync().ConfigureAwait(false);
        while (rig.Game.Claims[^1] is var last
            && last.Claimant != thief.Address
            && last.Position.Depth < rig.Game.Rules.MaxDepth)
        {
            int depth = last.Position.Depth + 1;
            bool isRight = depth > rig.Game.Rules.SplitDepth + 1;
            Bytes32 value = isRight
                ? await rig.RightCounterAsync(last, isAttack: true).ConfigureAwait(false)
                : Junk(depth);
            _ = await thief.AttackAsync(last, value).ConfigureAwait(false);
            _ = await rig.RespondAsync().ConfigureAwait(false);
        }

        run.Expect(
            "The depth of the last claim",
            rig.Game.Rules.MaxDepth,
            rig.Game.Claims.Max(claim => claim.Position.Depth));

        // Whose claims are at the bottom has nothing to step against.
        bool isEven = run.Variant.Depth == DepthParity.Even;
        bool mustStep = isEven == (run.Variant.Honest == HonestSide.Challenger);
        run.Expect(
            "The honest side's steps",
            mustStep ? 1 : 0,
            rig.Actions.Count(action => action.Intent.Kind == PlayerActionKind.Step));
        await rig.FinishAsync(DueStatus(run)).ConfigureAwait(false);
    }

    private static async Task ReclaimAsync(ScenarioRun run)
    {
        using GameRig rig = await StartAsync(run).ConfigureAwait(false);
        GameActor thief = rig.Actor(run.Arena.Accounts.Thief);
        _ = await rig.RespondAsync().ConfigureAwait(false);
        _ = await thief.AttackAsync(rig.Game.Claims[^1], Junk(1)).ConfigureAwait(false);
        GameForecast forecast =
            await rig.ResolveAsync(GameStatus.ChallengerWins).ConfigureAwait(false);
        run.Expect(
            "What the loser won", 0, await rig.CreditAsync(thief.Address).ConfigureAwait(false));
        GameRecord record = await rig.PlayRoundAsync().ConfigureAwait(false);
        run.Expect("The player's phase before the delay", PlayerPhase.AwaitingCredit, record.Phase);
        ulong due = record.Waits.Single().Until!.Value;

        // What is sent gets into the block of the next second.
        await run.Arena.L1.AdvanceToAsync(due - 2, run.Cancellation).ConfigureAwait(false);
        _ = await run
            .ExpectRevertAsync(
                "A claim one second early",
                () => rig.Honest.Client.ClaimCreditAsync(rig.Honest.Address, run.Cancellation),
                "withdrawal delay not met")
            .ConfigureAwait(false);
        run.Expect(
            "What is still owed",
            forecast.Credits[rig.Honest.Address],
            await rig.CreditAsync(rig.Honest.Address).ConfigureAwait(false));
        await run.Arena.L1.AdvanceToAsync(due, run.Cancellation).ConfigureAwait(false);
        record = await rig.PlayRoundAsync().ConfigureAwait(false);
        run.Expect(
            "What the player did by itself",
            nameof(PlayerActionKind.ClaimCredit),
            string.Join(' ', record.Actions.Select(action => action.Intent.Kind)));
        run.Expect(
            "What is owed at the end", 0, await rig.CreditAsync(rig.Honest.Address).ConfigureAwait(false));
        _ = await run
            .ExpectRevertAsync(
                "The loser's claim",
                () => thief.Client.ClaimCreditAsync(thief.Address, run.Cancellation),
                "NoCreditToClaim")
            .ConfigureAwait(false);
        DelayedWETH.BalanceOfResult left = await run.Arena.Contracts.Weth
            .ReadAsync(
                new DelayedWETH.BalanceOfFunction { Value = rig.Contract.Address },
                cancellation: run.Cancellation)
            .ConfigureAwait(false);
        run.Expect("The bonds of the game that are left", 0, left.Value);
    }

    private static async Task ExhaustAsync(ScenarioRun run)
    {
        using GameRig rig = await StartAsync(run).ConfigureAwait(false);
        GameActor thief = rig.Actor(run.Arena.Accounts.Thief);
        int answered = 0;
        int taken = 0;
        while (true)
        {
            _ = await rig.RespondAsync().ConfigureAwait(false);

            // In the deeper tree moves against its own claims about states would be nine tenths of all.
            GameRules rules = rig.Game.Rules;
            Claim[] claims =
            [
                .. rig.Game.Claims.Skip(answered).Where(claim => claim.Claimant != thief.Address
                    || claim.Position.Depth <= rules.SplitDepth + 1
                    || rules.MaxDepth == SmallOddDepth),
            ];
            List<(Claim Claim, bool IsAttack, Bytes32 Value)> moves = [];
            foreach (Claim claim in claims)
            {
                moves.AddRange(await MovesAgainstAsync(rig, claim).ConfigureAwait(false));
            }

            if (moves.Count == 0)
            {
                break;
            }

            answered = rig.Game.Claims.Count;
            taken += await thief.MoveManyAsync(moves).ConfigureAwait(false);
        }

        run.Expect("Whether the thief made many moves", true, taken >= ManyMoves);
        await TryStepsAsync(run, rig, thief).ConfigureAwait(false);
        await rig.FinishAsync(DueStatus(run)).ConfigureAwait(false);
    }

    // The right value and wrong ones, as an attack and as a defence, where the contract takes them.
    private static async Task<IReadOnlyList<(Claim Claim, bool IsAttack, Bytes32 Value)>>
        MovesAgainstAsync(GameRig rig, Claim claim)
    {
        GameRules rules = rig.Game.Rules;
        if (claim.Position.Depth == rules.MaxDepth)
        {
            return [];
        }

        List<(Claim, bool, Bytes32)> moves = [];
        bool isTop = claim.IsRoot || claim.Position.Depth == rules.SplitDepth + 1;
        foreach (bool isAttack in isTop ? new[] { true } : [true, false])
        {
            Position position = claim.Position.Move(isAttack);
            List<Bytes32> values = [Junk(claim.Index + 1)];
            if (position.Depth == rules.SplitDepth + 1)
            {
                values.Add(Bytes32.FromInteger(claim.Index + 1));
            }

            if (await IsSayableAsync(rig, claim, isAttack).ConfigureAwait(false))
            {
                values.Add(await rig.RightCounterAsync(claim, isAttack).ConfigureAwait(false));
            }

            moves.AddRange(values
                .Where(value => rig.Game.Find(claim, position, value) is null)
                .Select(value => (claim, isAttack, value)));
        }

        return moves;
    }

    // The toy machine calls every output wrong. Where a right one is in dispute, its right run would be a
    // lie; and against a right leaf nobody could show that it follows.
    private static async Task<bool> IsSayableAsync(GameRig rig, Claim claim, bool isAttack)
    {
        int depth = claim.Position.Depth + 1;
        if (depth == rig.Game.Rules.SplitDepth)
        {
            return false;
        }

        if (depth != rig.Game.Rules.SplitDepth + 1)
        {
            return true;
        }

        Position disputed = rig.Game.DisputeBelow(claim, isAttack).DisputedPosition;
        Claim about = claim;
        while (about.Position != disputed)
        {
            about = rig.Game.ParentOf(about)!;
        }

        return !await rig.IsRightAsync(about).ConfigureAwait(false);
    }

    // With right data no step refutes a claim of the honest side.
    private static async Task TryStepsAsync(ScenarioRun run, GameRig rig, GameActor thief)
    {
        Claim[] bottom =
        [
            .. rig.Game.Claims.Where(claim => claim.Claimant == rig.Honest.Address
                && claim.Position.Depth == rig.Game.Rules.MaxDepth),
        ];
        foreach (Claim claim in bottom)
        {
            foreach (bool isAttack in new[] { true, false })
            {
                StepData data = await rig.RightStepAsync(claim, isAttack).ConfigureAwait(false);
                _ = await run
                    .ExpectRevertAsync(
                        $"A step against {claim}", () => thief.StepAsync(claim, isAttack, data))
                    .ConfigureAwait(false);
            }
        }
    }

    private static async Task FreeloadAsync(ScenarioRun run)
    {
        using GameRig rig = await StartAsync(run).ConfigureAwait(false);
        GameActor thief = rig.Actor(run.Arena.Accounts.Thief);
        GameActor freeloader = rig.Actor(run.Arena.Accounts.Freeloader);
        Claim last = rig.Game.Root;
        if (run.Variant.Honest == HonestSide.Proposer)
        {
            last = await thief.AttackAsync(last, Junk(1)).ConfigureAwait(false);
        }

        // The thief plays junk down to the first claim below the split, and what is right below that.
        while (true)
        {
            bool isWrong = last.Position.Depth <= rig.Game.Rules.SplitDepth + 1;
            _ = await freeloader.AttackAsync(last, Junk(last.Index + 1)).ConfigureAwait(false);
            if (!isWrong)
            {
                _ = await freeloader.MoveRightAsync(last, isAttack: true).ConfigureAwait(false);
                _ = await freeloader.DefendAsync(last, Junk(last.Index + 2)).ConfigureAwait(false);
            }

            _ = await rig.RespondAsync().ConfigureAwait(false);
            _ = await freeloader.MoveAsync(last, isWrong, Junk(last.Index + 3)).ConfigureAwait(false);
            _ = await rig.RespondAsync().ConfigureAwait(false);
            if (!isWrong)
            {
                break;
            }

            Claim answer = rig.Game
                .ChildrenOf(rig.Game.Claims[last.Index])
                .Single(claim => claim.Claimant == rig.Honest.Address);
            bool isJunk = answer.Position.Depth <= rig.Game.Rules.SplitDepth;
            last = isJunk
                ? await thief.AttackAsync(answer, Junk(answer.Index + 1)).ConfigureAwait(false)
                : await thief.MoveRightAsync(answer, isAttack: true).ConfigureAwait(false);
        }

        GameForecast forecast = await rig.ResolveAsync(DueStatus(run)).ConfigureAwait(false);
        run.Expect(
            "What the freeloader won", 0, await rig.CreditAsync(freeloader.Address).ConfigureAwait(false));
        await rig.ClaimCreditsAsync(forecast).ConfigureAwait(false);
        run.ExpectOfLedger(ledger => run.Expect(
            "Whether the freeloader put up bonds in vain",
            (true, BigInteger.Zero),
            (ledger.Paid[freeloader.Address] > 0, ledger.Received.GetValueOrDefault(freeloader.Address))));
    }
}
