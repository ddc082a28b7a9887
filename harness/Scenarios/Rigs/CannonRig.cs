using Culverin.Harness.Arenas;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Player;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Disputes.Traces.Programs;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Scenarios.Rules;
using Culverin.Harness.Scenarios.Run;
using Culverin.Harness.Values;

namespace Culverin.Harness.Scenarios.Rigs;

/// <summary>
/// A game that steps of the real fault-proof program decide, on the real MIPS contract. Its leaves above the
/// split are the blocks after the anchor. For one thread at a time.
/// </summary>
internal sealed class CannonRig : IDisposable
{
    /// <summary>Depth of the claims about single blocks: four of them.</summary>
    internal const int SplitDepth = 2;

    /// <summary>The block of the last leaf.</summary>
    internal const ulong LastBlock = 5;

    /// <summary>The block whose output is disputed where its transactions matter.</summary>
    internal const ulong AskingBlock = 4;

    /// <summary>2^27 leaves below the split: the program makes up to a hundred million steps.</summary>
    internal const int EvenDepth = 30;

    /// <summary>The odd depth that goes with it.</summary>
    internal const int OddDepth = 31;

    /// <summary>Production's depths: that of the claims about single blocks, and the greatest.</summary>
    internal const int ProductionSplitDepth = 30;

    /// <inheritdoc cref="ProductionSplitDepth"/>
    internal const int ProductionDepth = 73;

    /// <summary>The contract's error where a step shows that the claim is right.</summary>
    internal const string ValidStep = nameof(ValidStep);

    private const byte ValidStatus = 0;
    private const byte InvalidStatus = 1;

    private readonly ScenarioRun _run;
    private readonly DirectoryInfo _folder;
    private readonly ExecutedChain _chain;
    private readonly CannonTruth _truth;
    private BlobSource? _blobs;
    private GameRig? _game;
    private ProgramGameTraces? _playerTraces;
    private GameRecord? _lastRound;

    private CannonRig(ScenarioRun run)
    {
        _run = run;
        _folder = Directory.CreateTempSubdirectory("culverin-cannon-");
        Preimages = new PreimageLoader(DisputeContracts.Of(run.Arena));
        _chain = new ExecutedChain(run);
        Prestate = ExecutedChain.WritePrestate(_folder.FullName);
        _truth = new CannonTruth(
            _chain, run.Arena.L1.Node, run.Arena.Options.L2ChainId, Options("truth"));
    }

    /// <summary>The game, with the player on the honest side.</summary>
    internal GameRig Game => _game!;

    /// <summary>The dishonest side.</summary>
    internal GameActor Thief => Game.Actor(_run.Arena.Accounts.Thief);

    /// <summary>The L2's node for whoever is honest.</summary>
    internal EthereumNode Node => _chain.Node;

    /// <summary>The right runs of the program.</summary>
    internal ProgramTraces Runs => _truth.States;

    /// <summary>How the oracle gets what steps read.</summary>
    internal IPreimageLoader Preimages { get; }

    /// <summary>The file with the program's first state.</summary>
    internal string Prestate { get; }

    /// <summary>The claim that was made last.</summary>
    internal Claim Last => Game.Game.Claims[^1];

    /// <summary>The depth of the claims that are settled by steps.</summary>
    internal int MaxDepth => Game.Game.Rules.MaxDepth;

    /// <summary>Whether the proposal is the honest side's.</summary>
    internal bool IsHonestProposer => _run.Variant.Honest == HonestSide.Proposer;

    /// <summary>How the game must end.</summary>
    internal GameStatus DueStatus =>
        IsHonestProposer ? GameStatus.DefenderWins : GameStatus.ChallengerWins;

    /// <summary>Whether it is the honest side that has to step when it comes to the last level.</summary>
    internal bool MustHonestStep => MaxDepth % 2 == 0 != IsHonestProposer;

    /// <summary>An arena whose games the program decides.</summary>
    internal static ArenaOptions OptionsOf(ScenarioVariant variant) => ArenaChains.Usual with
    {
        AbsolutePrestate = ExecutedChain.Prestate,
        SplitDepth = SplitDepth,
        MaxGameDepth = variant.Depth == DepthParity.Odd ? OddDepth : EvenDepth,
    };

    /// <summary>The same with production's depths.</summary>
    internal static ArenaOptions DeepOptionsOf(ScenarioVariant variant) => OptionsOf(variant) with
    {
        SplitDepth = ProductionSplitDepth,
        MaxGameDepth = variant.Depth == DepthParity.Even ? ProductionDepth - 1 : ProductionDepth,
    };

    /// <summary>Makes the L2's blocks and the game.</summary>
    internal static async Task<CannonRig> StartAsync(ScenarioRun run, CannonGame? wanted = null)
    {
        CannonGame game = wanted ?? new CannonGame();
        CannonRig rig = new(run);
        try
        {
            await rig._chain.MakeBlocksAsync(game).ConfigureAwait(false);
            rig._game = await rig.CreateAsync(game).ConfigureAwait(false);
            return rig;
        }
        catch
        {
            rig.Dispose();
            throw;
        }
    }

    /// <summary>Lets the player play until it has nothing to do.</summary>
    internal async Task<GameRecord> RespondAsync() =>
        _lastRound = await Game.RespondAsync().ConfigureAwait(false);

    /// <summary>
    /// Lets the player and the thief answer each other until the thief has no answer or nothing is left to
    /// answer.
    /// </summary>
    /// <param name="answer">The thief's move against the honest claim; null when it makes none.</param>
    internal async Task DuelAsync(Func<Claim, Task<Claim?>> answer)
    {
        _ = await RespondAsync().ConfigureAwait(false);
        while (Last.Claimant == Game.Honest.Address
            && Last.Position.Depth < MaxDepth
            && await answer(Last).ConfigureAwait(false) is not null)
        {
            _ = await RespondAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lets somebody who lies from a block and from a step on play the other side.</summary>
    /// <param name="firstBlock">The first block whose output it lies about.</param>
    /// <param name="firstStep">The first leaf below the split whose state it lies about.</param>
    /// <param name="between">Something to do before each of the player's turns.</param>
    internal async Task DuelWithLiarAsync(
        ulong firstBlock, UInt128 firstStep, Func<Task>? between = null)
    {
        Game first = Game.Game;
        Liar liar = new(
            Thief.Client,
            new GameTrace(
                new OutputTrace(
                    new LyingOutputs(
                        _chain.Outputs(),
                        firstBlock,
                        IsHonestProposer ? null : (first.ClaimedBlock, first.Root.Value)),
                    first),
                new LyingTraces(Runs, firstStep)),
            Preimages);
        do
        {
            _ = await Game.ReadAsync().ConfigureAwait(false);
            await (between?.Invoke() ?? Task.CompletedTask).ConfigureAwait(false);
            _ = await RespondAsync().ConfigureAwait(false);
        }
        while (await liar.AnswerAsync(_run.Cancellation).ConfigureAwait(false) > 0);
        _ = await Game.ReadAsync().ConfigureAwait(false);
        bool mustLiarStep = Last.Position.Depth == MaxDepth && !MustHonestStep;
        _run.Expect(
            "Why the contract refused the liar's steps",
            mustLiarStep ? ValidStep : "",
            string.Join(' ', liar.Refusals));
    }

    /// <summary>
    /// The right value of a move; where the contract would not take its status, one with another status.
    /// </summary>
    internal async Task<Bytes32> RightOrFitAsync(Claim against, bool isAttack)
    {
        Bytes32 right = await Game.RightCounterAsync(against, isAttack).ConfigureAwait(false);
        if (against.Position.Depth != Game.Game.Rules.SplitDepth)
        {
            return right;
        }

        return right.FirstByte == FitStatus(against, isAttack) ? right : LyingTraces.LieAbout(right);
    }

    /// <summary>Nobody's right value, with a status that the contract takes.</summary>
    internal Bytes32 Junk(Claim against, bool isAttack, byte fill)
    {
        byte[] bytes = new byte[Bytes32.SizeBytes];
        bytes.AsSpan().Fill(fill);
        if (against.Position.Depth == Game.Game.Rules.SplitDepth)
        {
            bytes[0] = FitStatus(against, isAttack);
        }

        return new Bytes32(bytes);
    }

    /// <summary>The output root of a block that the L2 really has.</summary>
    internal async Task<Bytes32> OutputAsync(ulong block) =>
        (await RightOutputAsync(block).ConfigureAwait(false)).Hash;

    /// <summary>Whether a claim is right, as this game's contract counts.</summary>
    internal async Task<bool> IsRightAsync(Claim claim)
    {
        Bytes32 right = await _truth.Trace
            .RightValueAsync(Game.Game, claim, _run.Cancellation)
            .ConfigureAwait(false);
        return claim.Value == right;
    }

    /// <summary>Right outputs as of a game, which may have other rules than the real one.</summary>
    internal OutputTrace Outputs(Game game) => new(_chain.Outputs(), game);

    /// <summary>Runs of the program as of a game, to be disposed of before this rig.</summary>
    internal ProgramTraces Traces(Game game, OutputTrace outputs, string name) =>
        new(game, outputs, _run.Arena.L1.Node, _chain.Node, Options(name));

    /// <summary>Lets an account load what a step against a claim reads.</summary>
    internal async Task LoadAsync(GameClient client, Claim against, StepData data)
    {
        IntendedStep step = new(against, true, data, "");
        IReadOnlyList<CallRequest> calls = await Preimages
            .PlanAsync(client, Game.Game, step, _run.Cancellation)
            .ConfigureAwait(false);
        foreach (CallRequest call in calls)
        {
            _ = await client.SendAsync(call, _run.Cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Expects that the contract refuses both steps against each honest claim at the greatest depth, made
    /// with right data.
    /// </summary>
    internal async Task ExpectBothStepsFailAsync()
    {
        Claim[] claims =
        [
            .. Game.Game.Claims.Where(claim =>
                claim.Position.Depth == MaxDepth && claim.Claimant == Game.Honest.Address),
        ];
        foreach (Claim claim in claims)
        {
            foreach (bool isAttack in new[] { true, false })
            {
                StepData data = await Game.RightStepAsync(claim, isAttack).ConfigureAwait(false);
                await LoadAsync(Thief.Client, claim, data).ConfigureAwait(false);
                _ = await _run
                    .ExpectRevertAsync(
                        $"A step against {claim}", () => Thief.StepAsync(claim, isAttack, data), ValidStep)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Expects that the deepest claim is at the greatest depth, and who had to step.</summary>
    internal void ExpectStepped()
    {
        ExpectDeepest(MaxDepth);
        _run.Expect(
            "Whether the honest side stepped",
            MustHonestStep,
            Game.Actions.Any(action => action.Intent.Kind == PlayerActionKind.Step));
    }

    /// <summary>Expects how deep the game went; tells what the player waits for when it did not.</summary>
    internal void ExpectDeepest(int depth) => _run.Expect(
        $"The deepest claim, where the player waits for [{WaitsOf(_lastRound)}],",
        depth,
        Game.Game.Claims.Max(claim => claim.Position.Depth));

    /// <summary>Serves a run of its own, with pre-images in a folder of this rig.</summary>
    internal HostOracle Serve(DisputedClaim claim, string name)
    {
        PreimageStore store = new(Options(name).DataFolder);
        HostOptions patience = new();
        _blobs ??= new BlobSource(_chain.Beacon, _run.Arena.L1.Node, patience.FetchDeadline);
        return new HostOracle(
            claim,
            store,
            new PreimageFetcher(
                _run.Arena.L1.Node, _chain.Node, claim, store, patience, _blobs.Blobs));
    }

    /// <summary>Options for further runs of the program, in a folder of this rig.</summary>
    internal ProgramOptions Options(string name) => new()
    {
        PrestatePath = Prestate,
        DataFolder = Path.Combine(_folder.FullName, name),
        Engine = _run.Engine,
        Beacon = _chain.Beacon,
    };

    /// <summary>Ends the game and removes the folder.</summary>
    public void Dispose()
    {
        _game?.Dispose();
        _truth.Dispose();
        _blobs?.Dispose();
        _run.AddVmSteps(_truth.KnownSteps + (_playerTraces?.KnownSteps ?? 0));
        _folder.Delete(recursive: true);
    }

    private Task<OutputRoot> RightOutputAsync(ulong block) =>
        OutputRoot.ReadAsync(_run.Arena.L2.Node, block, _run.Cancellation);

    private static string WaitsOf(GameRecord? record) =>
        string.Join(' ', record?.Waits.Select(wait => wait.Reason) ?? []);

    private byte FitStatus(Claim leaf, bool isAttack)
    {
        Position disputed = Game.Game.DisputeBelow(leaf, isAttack).DisputedPosition;
        bool isRefutation = isAttack || (disputed.Depth - Game.Game.Rules.SplitDepth) % 2 == 0;
        return isRefutation ? InvalidStatus : ValidStatus;
    }

    private async Task<GameRig> CreateAsync(CannonGame game)
    {
        ArenaAccounts accounts = _run.Arena.Accounts;
        ulong? right = game.RootOfBlock ?? (IsHonestProposer ? game.Claimed : null);
        Bytes32? forged = game.Forge is { } forge
            ? forge(await RightOutputAsync(game.Claimed).ConfigureAwait(false)).Hash
            : null;
        Bytes32 root = forged ?? game.Root
            ?? (right is { } block
                ? await OutputAsync(block).ConfigureAwait(false)
                : LyingOutputs.LieAbout(game.Claimed));
        _playerTraces = ProgramGameTraces.Load(
            _run.Arena.L1.Node,
            _chain.Node,
            _run.Arena.Options.L2ChainId,
            Options("player"),
            _ => _chain.Outputs());
        return await GameRig
            .CreateAsync(_run, new GameSetup
            {
                Proposal = new GameProposal(game.Type, root, game.Claimed),
                Proposer = game.Proposer ?? (IsHonestProposer ? accounts.Proposer : accounts.Thief),
                Honest = game.Honest ?? (IsHonestProposer ? accounts.Proposer : accounts.Challenger),
                LastBlock = game.Last ?? game.Posted,
                Machine = new ProgramMachine(
                    Prestate,
                    Path.Combine(_folder.FullName, "judge"),
                    _run.Arena.L1.Node,
                    _chain.Node,
                    _chain.Beacon),
                Traces = _playerTraces,
                Truth = _truth,
            })
            .ConfigureAwait(false);
    }
}
