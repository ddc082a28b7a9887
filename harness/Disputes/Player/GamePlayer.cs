using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Solver;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>
/// Plays the honest side of one game (contract 1.2.0), a round at a time: counters what is proven wrong,
/// resolves claims and game when their time is over, and pays out what was won. All it decides by is the
/// chain as of one block, looked at again before each transaction: it may be ended at any point, and
/// another one started, which goes on without doing anything twice. For one thread at a time.
/// </summary>
public sealed class GamePlayer : IDisposable
{
    private const ulong HurrySeconds = 300;

    private readonly GameClient _client;
    private readonly TransactionSender _sender;
    private readonly uint _gameType;
    private readonly IReadOnlyList<Contract> _views;
    private readonly Contract _weth;
    private readonly IGameTraces _traces;
    private readonly IPreimageLoader _preimages;
    private readonly PlayerOptions _options;
    private readonly TimeProvider _clock;
    private readonly Action<string>? _warn;
    private (OpenTrace Trace, GameIdentity Identity)? _open;
    private string? _warned;

    /// <summary>Uses what it is given, all of which stays the caller's.</summary>
    /// <param name="contracts">The contracts, at the node that transactions are sent to.</param>
    /// <param name="game">The game.</param>
    /// <param name="gameType">Its kind, as the factory knows it.</param>
    /// <param name="sender">The account that plays.</param>
    /// <param name="traces">What is right.</param>
    /// <param name="preimages">How the oracle gets what steps read.</param>
    /// <param name="options">What it does, and demands before.</param>
    /// <param name="clock">This machine's clock, compared with L1's; by default the system's.</param>
    /// <param name="warn">
    /// Gets, before a bond is put up, what somebody should know of its risk; it is in the record as well.
    /// </param>
    public GamePlayer(
        DisputeContracts contracts,
        Address game,
        uint gameType,
        TransactionSender sender,
        IGameTraces traces,
        IPreimageLoader preimages,
        PlayerOptions? options = null,
        TimeProvider? clock = null,
        Action<string>? warn = null)
    {
        _options = options ?? new PlayerOptions();
        _options.Validate();
        _gameType = gameType;
        Contract contract = contracts.Game.At(game);
        _client = new GameClient(contract, sender);
        _sender = sender;
        _views = [contract, .. _options.FurtherNodes.Select(node => contract with { Node = node })];
        _weth = contracts.Weth;
        _traces = traces;
        _preimages = preimages;
        _clock = clock ?? TimeProvider.System;
        _warn = warn;
    }

    /// <summary>The game.</summary>
    public Address Address => _client.Contract.Address;

    /// <summary>
    /// Plays one round as of an L1 block. Whatever fails is in the record, and is tried again in the next
    /// round; only a cancellation is thrown. After a round with actions another one may be due at once.
    /// </summary>
    public async Task<GameRecord> PlayAsync(Block block, CancellationToken cancellation = default)
    {
        PlayerSender sender = new(_client.Contract, _sender, _options);
        GameRecord record = new()
        {
            Address = Address,
            GameType = _gameType,
            L1Block = block,
            Phase = PlayerPhase.Failed,
            Warnings = FindSkew(block),
        };
        try
        {
            Game game = await GameAgreement
                .ReadAsync(_views, _options.AgreementCount, block, cancellation)
                .ConfigureAwait(false);
            record = record with { Game = game };
            record = await PlayAsync(record, game, sender, cancellation).ConfigureAwait(false);
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            record = record with { Phase = PlayerPhase.Failed, Failure = error.Message };
        }

        return record with
        {
            Actions = sender.Actions,
            Intents = sender.Intents,
            Waits = sender.Waits,
            Warnings = [.. record.Warnings, .. sender.Warnings],
        };
    }

    /// <summary>Lets go of the trace.</summary>
    public void Dispose()
    {
        _open?.Trace.Dispose();
        _open = null;
    }

    private async Task<GameRecord> PlayAsync(
        GameRecord record, Game game, PlayerSender sender, CancellationToken cancellation)
    {
        PlayerEnding ending = new(_client, sender, _weth, game, record.L1Block, _options);
        if (game.Status != GameStatus.InProgress)
        {
            Dispose();
            bool isWaiting = await ending.ClaimCreditsAsync(cancellation).ConfigureAwait(false);
            return record with
            {
                Phase = isWaiting ? PlayerPhase.AwaitingCredit : PlayerPhase.Finished,
            };
        }

        if (FindRefusal(game) is { } refusal)
        {
            sender.Wait(null, refusal);
            return record with { Phase = PlayerPhase.Refused };
        }

        (GamePlan? plan, IReadOnlyList<string> unknowns) =
            await PlanAsync(game, sender, cancellation).ConfigureAwait(false);
        record = record with { Root = plan?.Root, Unknowns = unknowns };
        if (plan is not null)
        {
            record = record with
            {
                Warnings = [.. record.Warnings, .. FindAlarms(game, plan)],
                Need = await FindNeedAsync(game, plan, sender, cancellation).ConfigureAwait(false),
            };
            await new PlayerMoves(_client, sender, game, record.L1Block, _preimages)
                .ActAsync(plan, cancellation)
                .ConfigureAwait(false);
        }

        // What was done changes what can be resolved: that is for the next round to see.
        if (sender.Actions.Count == 0)
        {
            await ending.ResolveAsync(cancellation).ConfigureAwait(false);
        }

        return record with
        {
            Phase = sender.Actions.Count + sender.Intents.Count > 0
                ? PlayerPhase.Acting
                : PlayerPhase.Waiting,
        };
    }

    // No plan when what is right cannot be known now: then only what costs no bond goes on.
    private async Task<(GamePlan? Plan, IReadOnlyList<string> Unknowns)> PlanAsync(
        Game game, PlayerSender sender, CancellationToken cancellation)
    {
        try
        {
            OpenTrace trace = await OpenAsync(game, cancellation).ConfigureAwait(false);
            GamePlan plan = await new HonestSolver(trace.Trace, _client.Account)
                .PlanAsync(game, cancellation)
                .ConfigureAwait(false);
            return (plan, plan.Failures);
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            sender.Wait(null, $"What is right in the game is not known: {error.Message}");
            return (null, [error.Message]);
        }
    }

    // Asked before the first bond, unless a clock leaves no time for a run that no move waits for.
    private async Task<StepNeed?> FindNeedAsync(
        Game game, GamePlan plan, PlayerSender sender, CancellationToken cancellation)
    {
        IntendedAction[] bonds = [.. plan.Actions.Where(action => !action.Cost.IsZero)];
        if (_open is not { } open
            || bonds.Length == 0
            || bonds.Min(action => game.ClockEnd(action.Against)) < game.TimestampSeconds + HurrySeconds)
        {
            return null;
        }

        string text;
        StepNeed? need = null;
        try
        {
            need = await open.Trace.Trace.FindNeedAsync(cancellation).ConfigureAwait(false);
            if (need is not { IsTooLong: true })
            {
                return need;
            }

            text = $"{need} Whoever lengthened it may take a dispute to where no run ends, and win the bonds "
                + "that are put up on the way.";
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            text = $"Whether runs of the program fit into the game is not known: {error.Message}";
        }

        sender.Warn(text);
        if (_warned != text)
        {
            _warned = text;
            _warn?.Invoke(text);
        }

        return need;
    }

    private async Task<OpenTrace> OpenAsync(Game game, CancellationToken cancellation)
    {
        // After a reorganisation another game may be at the same address.
        GameIdentity identity = GameIdentity.Of(game);
        if (_open is { } open && open.Identity == identity)
        {
            return open.Trace;
        }

        Dispose();
        OpenTrace trace = await _traces.OpenAsync(game, cancellation).ConfigureAwait(false);
        _open = (trace, identity);
        return trace;
    }

    private string? FindRefusal(Game game)
    {
        if (game.L2ChainId != _traces.L2ChainId)
        {
            return $"The game is about the L2 with chain id {game.L2ChainId}, not {_traces.L2ChainId}: "
                + "no bond is put up.";
        }

        bool isSame = GameTrace.EqualsButStatus(_traces.Prestate, game.Rules.AbsolutePrestate);
        return isSame || _options.TypesOfAnyPrestate.Contains(_gameType)
            ? null
            : $"The game's program begins with state {game.Rules.AbsolutePrestate}, the one here with "
                + $"{_traces.Prestate}: no bond is put up.";
    }

    private IReadOnlyList<string> FindSkew(Block block)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        double seconds = now.ToUnixTimeSeconds() - (double)block.Timestamp;
        return Math.Abs(seconds) <= _options.ClockSkewMax.TotalSeconds
            ? []
            :
            [
                FormattableString.Invariant(
                    $"This machine's clock is {Math.Abs(seconds):0} s {(seconds > 0 ? "after" : "before")} ")
                    + "the time of the newest L1 block. Is the clock wrong, or L1's node behind?",
            ];
    }

    // Nothing is left to be done, and still the wrong side would win, or may: somebody should know in time.
    private static IReadOnlyList<string> FindAlarms(Game game, GamePlan plan)
    {
        GameStatus status = GameForecast.Of(game).Status;
        GameStatus right = plan.Root.Validity == Validity.Valid
            ? GameStatus.DefenderWins
            : GameStatus.ChallengerWins;
        return plan.Root.Validity == Validity.Unknown
            ?
            [
                $"The game would end with {status}, and whether that is right is not known here while the "
                    + $"root claim's clock runs to {game.ClockEnd(game.Root)}.",
            ]
            : plan.Actions.Count == 0 && status != right
                ? [$"The game is being lost: it would end with {status}, but it should with {right}."]
                : [];
    }

    // What never changes in a game, and tells it from others.
    private sealed record GameIdentity(
        Bytes32 L1Head, Bytes32 StartingRoot, ulong StartingBlock, Bytes32 Root, ulong ClaimedBlock)
    {
        internal static GameIdentity Of(Game game) =>
            new(game.L1Head, game.StartingRoot, game.StartingBlock, game.Root.Value, game.ClaimedBlock);
    }
}
