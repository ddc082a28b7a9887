using System.Numerics;
using Culverin.Harness.Arenas;
using Culverin.Harness.Contracts;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// One game of a scenario: the real player on the honest side, scripted actors against it, and at the end
/// the checks that every game has to stand. For one thread at a time.
/// </summary>
public sealed class GameRig : IDisposable
{
    // Far more rounds than any game has levels: a player that never falls silent is told, not waited for.
    private const int RoundsMax = 400;

    private readonly ScenarioRun _run;
    private readonly GamePlayer _player;
    private readonly OpenTrace _truth;
    private readonly ulong _firstNumber;
    private readonly GameSetup _setup;
    private readonly List<PlayerAction> _actions = [];

    private GameRig(
        ScenarioRun run, GameSetup setup, Contract contract, Game game, OpenTrace truth, ulong firstNumber)
    {
        _run = run;
        _truth = truth;
        _firstNumber = firstNumber;
        _setup = setup;
        Contract = contract;
        Game = game;
        Honest = new GameActor(this, run, setup.Honest);
        DisputeContracts contracts = DisputeContracts.Of(run.Arena);
        _player = new GamePlayer(
            contracts,
            contract.Address,
            setup.Proposal.GameType,
            run.Arena.OnL1(setup.Honest),
            setup.Traces,
            new PreimageLoader(contracts),
            setup.Options);
    }

    /// <summary>The game's contract.</summary>
    public Contract Contract { get; }

    /// <summary>The game as it was read last: by every method here and by every move of an actor.</summary>
    public Game Game { get; private set; }

    /// <summary>The honest side's account, for what a scenario lets it do by hand.</summary>
    public GameActor Honest { get; }

    /// <summary>What the player did so far, in order.</summary>
    public IReadOnlyList<PlayerAction> Actions => _actions;

    /// <summary>Creates a game by its proposer. Throws <see cref="ChainException"/>.</summary>
    public static async Task<GameRig> CreateAsync(ScenarioRun run, GameSetup setup)
    {
        IArena arena = run.Arena;
        ulong number = await arena.L1.Node.GetBlockNumberAsync(run.Cancellation).ConfigureAwait(false);
        GameClient proposer = await GameClient
            .CreateAsync(
                arena.Contracts.Factory,
                arena.Contracts.FaultGame,
                arena.OnL1(setup.Proposer),
                setup.Proposal,
                run.Cancellation)
            .ConfigureAwait(false);
        Game game = await proposer.ReadAsync(run.Cancellation).ConfigureAwait(false);
        OpenTrace truth = await setup.Truth.OpenAsync(game, run.Cancellation).ConfigureAwait(false);
        return new GameRig(run, setup, proposer.Contract, game, truth, number + 1);
    }

    /// <summary>An account that plays as told.</summary>
    public GameActor Actor(ArenaAccount account) => new(this, _run, account);

    /// <summary>Reads the game at the newest block.</summary>
    public async Task<Game> ReadAsync() =>
        Game = await Honest.Client.ReadAsync(_run.Cancellation).ConfigureAwait(false);

    /// <summary>The value that is right where a move against a claim goes.</summary>
    public Task<Bytes32> RightCounterAsync(Claim claim, bool isAttack) =>
        _truth.Trace.CounterValueAsync(Game, claim, isAttack, _run.Cancellation);

    /// <summary>Whether a claim has the right value.</summary>
    public async Task<bool> IsRightAsync(Claim claim) =>
        await _truth.Trace
            .RightValueAsync(Game, claim, _run.Cancellation)
            .ConfigureAwait(false) == claim.Value;

    /// <summary>What a step against a claim needs, from the right run of the machine.</summary>
    public Task<StepData> RightStepAsync(Claim claim, bool isAttack) =>
        _truth.Trace.StepAsync(Game, claim, isAttack, _run.Cancellation);

    /// <summary>
    /// Lets the player play one round; whatever ends a round early breaks an expectation.
    /// </summary>
    public async Task<GameRecord> PlayRoundAsync()
    {
        Block head = await Contract.Node
            .GetBlockAsync(BlockReference.Latest, _run.Cancellation)
            .ConfigureAwait(false);
        GameRecord record = await _player.PlayAsync(head, _run.Cancellation).ConfigureAwait(false);
        _actions.AddRange(record.Actions);
        _run.Expect("What broke the player's round off", "", record.Failure ?? "");
        _ = await ReadAsync().ConfigureAwait(false);
        return record;
    }

    /// <summary>Lets the player play until it has nothing to do, and returns the last round.</summary>
    public async Task<GameRecord> RespondAsync()
    {
        for (int round = 0; round < RoundsMax; round++)
        {
            GameRecord record = await PlayRoundAsync().ConfigureAwait(false);
            if (record.Actions.Count == 0)
            {
                return record;
            }
        }

        throw new ExpectationException("The player", "an end of its moves", $"{RoundsMax} rounds");
    }

    /// <summary>
    /// Lets all clocks run out and the player resolve the game, and everyone claim what they won. Checks
    /// the winner; that the honest side lost no claim and broke no rule; and that bonds are settled to the
    /// wei.
    /// </summary>
    public async Task FinishAsync(GameStatus expected) =>
        await ClaimCreditsAsync(await ResolveAsync(expected).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>
    /// The first half of <see cref="FinishAsync"/>: up to the resolution. Returns what the bonds have
    /// become.
    /// </summary>
    public async Task<GameForecast> ResolveAsync(GameStatus expected)
    {
        _ = await RespondAsync().ConfigureAwait(false);
        GameForecast forecast = GameForecast.Of(Game);
        await JudgeAsync().ConfigureAwait(false);
        await _run.Arena.L1
            .AdvanceAsync(Game.Rules.MaxClockSeconds, _run.Cancellation)
            .ConfigureAwait(false);
        _ = await RespondAsync().ConfigureAwait(false);
        _run.ExpectOutcome(expected, Game.Status);
        _run.Expect(
            "Who countered the claims",
            string.Join(' ', forecast.CounteredBy),
            string.Join(' ', Game.Claims.Select(claim => claim.CounteredBy)));
        foreach (Claim claim in Game.Claims.Where(claim => claim.Claimant == Honest.Address))
        {
            _run.Expect($"Who refuted the honest {claim}", null, claim.CounteredBy);
        }

        return forecast;
    }

    /// <summary>
    /// The second half of <see cref="FinishAsync"/>: after the delay the player claims what the honest side
    /// won, and all others what they did; then nobody's bond is left.
    /// </summary>
    public async Task ClaimCreditsAsync(GameForecast forecast)
    {
        foreach ((Address account, BigInteger credit) in forecast.Credits)
        {
            _run.Expect(
                $"What {account} won", credit, await CreditAsync(account).ConfigureAwait(false));
        }

        await _run.Arena.L1
            .AdvanceAsync(_run.Arena.Options.BondDelaySeconds, _run.Cancellation)
            .ConfigureAwait(false);
        GameRecord last = await RespondAsync().ConfigureAwait(false);
        _run.Expect("The player's phase at the end", PlayerPhase.Finished, last.Phase);
        foreach (ArenaAccount account in _run.Arena.Accounts.All)
        {
            if (account.Address != Honest.Address && forecast.Credits.ContainsKey(account.Address))
            {
                _ = await Actor(account).Client
                    .ClaimCreditAsync(account.Address, _run.Cancellation)
                    .ConfigureAwait(false);
            }
        }

        _run.ExpectOfLedger(ledger =>
        {
            _run.Expect("Wei of bonds that nobody got", 0, ledger.Held);
            _run.Expect(
                "Whether the honest side lost wei of bonds",
                false,
                ledger.Received.GetValueOrDefault(Honest.Address)
                    < ledger.Paid.GetValueOrDefault(Honest.Address));
            foreach (Address account in forecast.Credits.Keys)
            {
                _run.Expect(
                    $"What {account} gained", ledger.NetOf(account), ledger.Gains[account]);
            }
        });
    }

    /// <summary>Wei that the contract owes an account.</summary>
    public async Task<BigInteger> CreditAsync(Address account) =>
        (await Contract
            .ReadAsync(
                new FaultDisputeGame.CreditFunction { Value = account }, cancellation: _run.Cancellation)
            .ConfigureAwait(false)).Value;

    /// <summary>Ends the player and what it holds.</summary>
    public void Dispose()
    {
        _player.Dispose();
        _truth.Dispose();
    }

    private async Task JudgeAsync()
    {
        JudgeTruth truth = new(_run.Arena.L2.Node, _setup.LastBlock, _setup.Machine, Game);
        int judged = await GameJudge
            .JudgeAsync(_run, Contract, Honest.Address, truth, _firstNumber)
            .ConfigureAwait(false);
        int steps = _actions.Count(action => action.Intent.Kind == PlayerActionKind.Step);
        int moves = _actions.Count(action => action.Intent.Kind == PlayerActionKind.Move);
        _run.Expect("Whether all of the player's actions were judged", true, judged >= steps + moves);
        _run.AddVmSteps((ulong)steps);
    }
}
