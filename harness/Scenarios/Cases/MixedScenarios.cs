using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Alphabet;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rigs;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Cases;

/// <summary>One player in several games at once.</summary>
internal static class MixedScenarios
{
    private const ulong ClaimedBlock = 4;
    private const int RoundsMax = 100;

    internal static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Id = "M1",
            Title = "A game of the real machine and one of the alphabet about the same forged root",
            Proves = "One player serves both at once, with the same outputs and each with its own states.",
            Variants = CannonMoves.AsChallenger,
            Options = CannonRig.OptionsOf,
            Body = TwoTypesAsync,
        },
        new()
        {
            Id = "A6",
            Title = "A player serves a game, and two more when that is resolved",
            Proves = "The block up to which all is done never stays behind L1.",
            Variants = CannonMoves.AsChallenger,
            Options = AlphabetScenarios.OptionsOf,
            Body = LivenessAsync,
        },
    ];

    private static async Task LivenessAsync(ScenarioRun run)
    {
        RollupRig rollup = new(run);
        await rollup.MakeBlocksAsync(ClaimedBlock).ConfigureAwait(false);
        Watcher watcher = new();
        Dictionary<uint, IGameTraces> traces = new()
        {
            [GameTypes.Fault] = AlphabetIn(run, rollup),
        };
        using PlayerService service = new(
            DisputeContracts.Of(run.Arena),
            run.Arena.OnL1(run.Arena.Accounts.Challenger),
            traces,
            new PreimageLoader(DisputeContracts.Of(run.Arena)),
            observer: watcher);
        Play play = new(run, service, watcher, []);
        GameClient first = await play.CreateAsync(GameTypes.Fault).ConfigureAwait(false);
        _ = await play.RespondAsync([first]).ConfigureAwait(false);
        await play.ExpectUpToDateAsync().ConfigureAwait(false);
        await run.Arena.L1
            .AdvanceAsync(run.Arena.Options.MaxClockSeconds, run.Cancellation)
            .ConfigureAwait(false);
        Game[] ends = await play.RespondAsync([first]).ConfigureAwait(false);
        run.Expect("How the first game ended", GameStatus.ChallengerWins, ends[0].Status);
        GameClient second =
            await play.CreateAsync(GameTypes.Fault, ClaimedBlock - 1).ConfigureAwait(false);
        GameClient third =
            await play.CreateAsync(GameTypes.Fault, ClaimedBlock - 2).ConfigureAwait(false);
        Game[] answered = await play.RespondAsync([second, third]).ConfigureAwait(false);
        await play.ExpectUpToDateAsync().ConfigureAwait(false);
        run.ExpectOutcome(
            "2 2", string.Join(' ', answered.Select(game => game.Claims.Count)));
    }

    private static async Task TwoTypesAsync(ScenarioRun run)
    {
        ArenaAccounts accounts = run.Arena.Accounts;
        ArenaOptions alphabet = AlphabetScenarios.OptionsOf(run.Variant);
        await AlphabetInstallation.InstallAsync(run, alphabet).ConfigureAwait(false);
        RollupRig rollup = new(run);
        await rollup.MakeBlocksAsync(ClaimedBlock).ConfigureAwait(false);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-mixed-");
        try
        {
            ProgramOptions options = new()
            {
                PrestatePath = ExecutedChain.WritePrestate(folder.FullName),
                DataFolder = Path.Combine(folder.FullName, "player"),
                Engine = run.Engine,
            };
            EthereumNode l1 = run.Arena.L1.Node;
            EthereumNode l2 = rollup.Verifier.Node;
            ProgramGameTraces program = ProgramGameTraces.Load(
                l1, l2, run.Arena.Options.L2ChainId, options, _ => rollup.Outputs());
            Dictionary<uint, IGameTraces> player = new()
            {
                [GameTypes.Fault] = program,
                [AlphabetInstallation.GameType] = AlphabetIn(run, rollup),
            };
            Dictionary<uint, IJudgeMachine> machines = new()
            {
                [GameTypes.Fault] = new ProgramMachine(
                    options.PrestatePath, Path.Combine(folder.FullName, "judge"), l1, l2),
                [AlphabetInstallation.GameType] = new AlphabetMachine(AlphabetScenarios.Letter),
            };
            DisputeContracts contracts = DisputeContracts.Of(run.Arena);
            Watcher watcher = new();
            using PlayerService service = new(
                contracts,
                run.Arena.OnL1(accounts.Challenger),
                player,
                new PreimageLoader(contracts),
                observer: watcher);
            await new Play(run, service, watcher, machines).PlayAsync().ConfigureAwait(false);
            run.AddVmSteps(program.KnownSteps);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static AlphabetGameTraces AlphabetIn(ScenarioRun run, RollupRig rollup) =>
        new(AlphabetScenarios.Letter, run.Arena.Options.L2ChainId, _ => rollup.Outputs());

    /// <summary>Keeps what was done in the rounds since it was asked last.</summary>
    private sealed class Watcher : IPlayerObserver
    {
        private readonly List<GameRecord> _records = [];

        public void OnGame(GameRecord record) => _records.Add(record);

        public void OnWarning(Address game, string text)
        {
        }

        public void OnOracle(OracleRecord record)
        {
        }

        public void OnService(ServiceRecord record)
        {
        }

        internal GameRecord[] Take()
        {
            GameRecord[] records = [.. _records];
            _records.Clear();
            return records;
        }
    }

    private sealed class Play(
        ScenarioRun run, PlayerService service, Watcher watcher, Dictionary<uint, IJudgeMachine> machines)
    {
        private ServiceRecord? _last;

        internal async Task PlayAsync()
        {
            ulong number =
                await run.Arena.L1.Node.GetBlockNumberAsync(run.Cancellation).ConfigureAwait(false);
            GameClient[] games = [await CreateAsync(GameTypes.Fault).ConfigureAwait(false),
                await CreateAsync(AlphabetInstallation.GameType).ConfigureAwait(false)];

            // The thief contradicts in both until the player has made a claim about states.
            Game[] states = await RespondAsync(games).ConfigureAwait(false);
            while (states.Any(state => state.IsOutput(state.Claims[^1])))
            {
                foreach ((GameClient game, Game state) in games.Zip(states))
                {
                    Claim last = state.Claims[^1];
                    _ = await game
                        .AttackAsync(
                            last,
                            AlphabetScenarios.Junk(last.Index + 1),
                            state.Rules.Bonds[last.Position.Depth + 1],
                            run.Cancellation)
                        .ConfigureAwait(false);
                }

                states = await RespondAsync(games).ConfigureAwait(false);
            }

            ExpectAnswers(states);
            foreach ((GameClient game, Game state) in games.Zip(states))
            {
                await JudgeAsync(game, state, number + 1).ConfigureAwait(false);
            }

            await FinishAsync(games, states).ConfigureAwait(false);
        }

        internal Task<GameClient> CreateAsync(uint type, ulong block = ClaimedBlock) =>
            GameClient.CreateAsync(
                run.Arena.Contracts.Factory,
                run.Arena.Contracts.FaultGame,
                run.Arena.OnL1(run.Arena.Accounts.Thief),
                new GameProposal(type, AlphabetScenarios.Junk(0), block),
                run.Cancellation);

        internal async Task<Game[]> RespondAsync(GameClient[] games)
        {
            for (int round = 0; round < RoundsMax; round++)
            {
                _last = await service.PlayOnceAsync(run.Cancellation).ConfigureAwait(false);
                run.Expect("What ended the round early", "", _last.Failure ?? "");
                GameRecord[] records = watcher.Take();
                run.Expect(
                    "What broke a game's round off",
                    "",
                    string.Concat(records.Select(each => each.Failure)));
                if (records.All(each => each.Actions.Count == 0))
                {
                    return await Task
                        .WhenAll(games.Select(game => game.ReadAsync(run.Cancellation)))
                        .ConfigureAwait(false);
                }
            }

            throw new ExpectationException("The player", "an end of its moves", $"{RoundsMax} rounds");
        }

        /// <summary>Expects that nothing is due any more, up to L1's newest block.</summary>
        internal async Task ExpectUpToDateAsync() => run.Expect(
            "The block up to which all is done",
            await run.Arena.L1.Node.GetBlockNumberAsync(run.Cancellation).ConfigureAwait(false),
            _last!.HighestActedBlock);

        private void ExpectAnswers(Game[] states)
        {
            run.Expect(
                "The claims about outputs of the second game",
                ValuesOf(states[0], isOutput: true),
                ValuesOf(states[1], isOutput: true));
            run.Expect(
                "Whether the claims about states are the same",
                false,
                ValuesOf(states[0], isOutput: false) == ValuesOf(states[1], isOutput: false));
        }

        private string ValuesOf(Game state, bool isOutput) => string.Join(' ', state.Claims
            .Where(claim => claim.Claimant == run.Arena.Accounts.Challenger.Address
                && state.IsOutput(claim) == isOutput)
            .Select(claim => claim.Value));

        private async Task JudgeAsync(GameClient game, Game state, ulong fromNumber)
        {
            FaultDisputeGame.GameTypeResult type = await game.Contract
                .ReadAsync(new FaultDisputeGame.GameTypeFunction(), cancellation: run.Cancellation)
                .ConfigureAwait(false);
            JudgeTruth right =
                new(run.Arena.L2.Node, ClaimedBlock, machines[type.GameType], state);
            int judged = await GameJudge
                .JudgeAsync(
                    run, game.Contract, run.Arena.Accounts.Challenger.Address, right, fromNumber)
                .ConfigureAwait(false);
            run.Expect("The honest actions that were judged", state.Rules.SplitDepth, judged);
        }

        private async Task FinishAsync(GameClient[] games, Game[] states)
        {
            await run.Arena.L1
                .AdvanceAsync(states.Max(state => state.Rules.MaxClockSeconds), run.Cancellation)
                .ConfigureAwait(false);
            states = await RespondAsync(games).ConfigureAwait(false);
            run.ExpectOutcome(
                $"{GameStatus.ChallengerWins} {GameStatus.ChallengerWins}",
                string.Join(' ', states.Select(state => state.Status)));
            await run.Arena.L1
                .AdvanceAsync(run.Arena.Options.BondDelaySeconds, run.Cancellation)
                .ConfigureAwait(false);
            _ = await RespondAsync(games).ConfigureAwait(false);
            BigInteger bonds = states
                .SelectMany(state => state.Claims)
                .Aggregate(BigInteger.Zero, (sum, claim) => sum + claim.Bond);
            Address honest = run.Arena.Accounts.Challenger.Address;
            run.ExpectOfLedger(ledger =>
            {
                run.Expect("Wei of bonds that nobody got", 0, ledger.Held);
                run.Expect("Wei of bonds that the player got", bonds, ledger.Received[honest]);
                run.Expect("What the player gained", ledger.NetOf(honest), ledger.Gains[honest]);
            });
        }
    }
}
