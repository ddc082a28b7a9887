using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Disputes.Preimages;
using Culverin.Harness.Disputes.Traces;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>
/// Plays the honest side of all games of a factory, several at once, each by a <see cref="GamePlayer"/>. A
/// game that fails or takes long does not hinder the others, and a node that fails is asked again later. All
/// it decides by is on the chains: it may be ended at any time and started again. For one thread at a time.
/// </summary>
public sealed class PlayerService : IDisposable
{
    private readonly DisputeContracts _contracts;
    private readonly TransactionSender _sender;
    private readonly IReadOnlyDictionary<uint, IGameTraces> _traces;
    private readonly IPreimageLoader _preimages;
    private readonly PlayerServiceOptions _options;
    private readonly TimeProvider _clock;
    private readonly IPlayerObserver? _observer;
    private readonly HeadWatch _watch;
    private readonly GameList _list;
    private readonly OracleWatches _oracles;
    private readonly SemaphoreSlim _places;
    private readonly Lock _telling = new();
    private readonly Dictionary<Address, Entry> _entries = [];
    private ulong _highestActed;
    private int _reorganisationCount;
    private ulong? _fromTimestamp;

    /// <summary>Uses what it is given, all of which stays the caller's.</summary>
    /// <param name="contracts">The contracts, at the node that transactions are sent to.</param>
    /// <param name="sender">The account that plays.</param>
    /// <param name="traces">What is right, for each type of game that is played.</param>
    /// <param name="preimages">How the oracle gets what steps read.</param>
    /// <param name="options">Which games it plays, and how.</param>
    /// <param name="observer">Is told what it does.</param>
    /// <param name="clock">This machine's clock; by default the system's.</param>
    public PlayerService(
        DisputeContracts contracts,
        TransactionSender sender,
        IReadOnlyDictionary<uint, IGameTraces> traces,
        IPreimageLoader preimages,
        PlayerServiceOptions? options = null,
        IPlayerObserver? observer = null,
        TimeProvider? clock = null)
    {
        _contracts = contracts;
        _sender = sender;
        _traces = traces;
        _preimages = preimages;
        _options = options ?? new PlayerServiceOptions();
        _observer = observer;
        _clock = clock ?? TimeProvider.System;
        _options.Player.Validate();
        EthereumNode[] nodes = [contracts.Factory.Node, .. _options.Player.FurtherNodes];
        _watch = new HeadWatch(
            nodes, _options.Player.AgreementCount, _options.L1ChainId, _options.OlderHeadPatience);
        _list = new GameList(contracts.Factory);
        _oracles = new OracleWatches(contracts, sender, _options.Player, TellOracle);
        _places = new SemaphoreSlim(_options.ParallelCountMax);
    }

    /// <summary>
    /// Plays one round of every game, and then looks after their oracles; waits for all. Only a cancellation
    /// is thrown.
    /// </summary>
    public async Task<ServiceRecord> PlayOnceAsync(CancellationToken cancellation = default)
    {
        (Block? head, string? failure) = await StartRoundAsync(cancellation).ConfigureAwait(false);
        await Task.WhenAll(Running()).ConfigureAwait(false);
        if (head is not null)
        {
            _oracles.Start(head, cancellation);
            await Task.WhenAll(Running()).ConfigureAwait(false);
        }

        return Tell(head, failure);
    }

    /// <summary>Plays until it is cancelled; then waits for what is being sent.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                (Block? head, string? failure) = await StartRoundAsync(cancellation).ConfigureAwait(false);
                if (head is not null)
                {
                    _oracles.Start(head, cancellation);
                }

                Task pause = Task.Delay(_options.Pause, _clock, cancellation);
                Task all = Task.WhenAll(Running());
                _ = await Task.WhenAny(all, pause).ConfigureAwait(false);
                _ = Tell(head, failure);

                // An action makes others possible: those are looked for at once.
                bool isOver = all.IsCompleted
                    && (_oracles.HasActed || _entries.Values.Any(each => each.Last?.Actions.Count > 0));
                if (!isOver)
                {
                    await pause.ConfigureAwait(false);
                }

                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await Task.WhenAll(Running()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lets go of all games. No round may be running.</summary>
    public void Dispose()
    {
        foreach (Entry entry in _entries.Values)
        {
            entry.Player.Dispose();
        }

        _places.Dispose();
    }

    private IEnumerable<Task> Running() =>
        _entries.Values.Select(entry => entry.Running).Concat(_oracles.Running);

    private async Task<(Block? Head, string? Failure)> StartRoundAsync(CancellationToken cancellation)
    {
        try
        {
            Block head = await _watch.ReadAsync(cancellation).ConfigureAwait(false);
            FoundGame[] games = await FindGamesAsync(head, cancellation).ConfigureAwait(false);
            Forget(games);
            foreach (FoundGame game in games)
            {
                Entry entry = EntryOf(game);
                if (entry.Running.IsCompleted && entry.Last?.Phase != PlayerPhase.Finished)
                {
                    entry.Running = PlayAsync(entry, game, head, cancellation);
                }
            }

            return (head, null);
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            return (null, error.Message);
        }
    }

    private async Task<FoundGame[]> FindGamesAsync(Block head, CancellationToken cancellation)
    {
        IReadOnlyList<FoundGame> all = await _list.ReadAsync(head, cancellation).ConfigureAwait(false);
        _fromTimestamp ??= _options.FromBlock == 0
            ? 0
            : (await _contracts.Factory.Node
                .GetBlockAsync(_options.FromBlock, cancellation)
                .ConfigureAwait(false)).Timestamp;
        FoundGame[] games =
        [
            .. all.Where(game => _traces.ContainsKey(game.GameType)
                && game.CreatedAt >= _fromTimestamp
                && (_options.OnlyGame is not { } only || only == game.Address)),
        ];
        return _options.OnlyGame is { } wanted && games.Length == 0
            ? throw new ChainException(
                ChainFailure.BadAnswer,
                $"The factory has made no game {wanted} of a type that is played here, up to L1 block "
                    + $"{head.Number}.")
            : games;
    }

    // A reorganisation may have undone games, or what finished them.
    private void Forget(FoundGame[] games)
    {
        if (_list.ReorganisationCount == _reorganisationCount)
        {
            return;
        }

        _reorganisationCount = _list.ReorganisationCount;
        _oracles.Forget();
        HashSet<Address> kept = [.. games.Select(game => game.Address)];
        foreach ((Address address, Entry entry) in _entries.ToArray())
        {
            if (!entry.Running.IsCompleted)
            {
                continue;
            }

            entry.Last = null;
            if (!kept.Contains(address))
            {
                entry.Player.Dispose();
                _ = _entries.Remove(address);
            }
        }
    }

    private Entry EntryOf(FoundGame game)
    {
        if (!_entries.TryGetValue(game.Address, out Entry? entry))
        {
            entry = new Entry(new GamePlayer(
                _contracts,
                game.Address,
                game.GameType,
                _sender,
                _traces[game.GameType],
                _preimages,
                _options.Player,
                _clock,
                text => Warn(game.Address, text)));
            _entries.Add(game.Address, entry);
        }

        return entry;
    }

    private async Task PlayAsync(Entry entry, FoundGame game, Block head, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        GameRecord record;
        try
        {
            await _oracles.NoteAsync(game.Address, head, cancellation).ConfigureAwait(false);
            record = await entry.Player.PlayAsync(head, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException
            && error is not CulverinException { Code: ErrorCode.Cancelled })
        {
            // A defect that one game brings to light must not stop the others.
            record = new GameRecord
            {
                Address = game.Address,
                GameType = game.GameType,
                L1Block = head,
                Phase = PlayerPhase.Failed,
                Failure = $"The player has a defect: {error.GetType().Name}: {error.Message}",
            };
        }
        finally
        {
            _ = _places.Release();
        }

        entry.Last = record;
        if (record.Failure is null && record.Unknowns.Count == 0)
        {
            entry.ActedBlock = head.Number;
        }

        lock (_telling)
        {
            _observer?.OnGame(record);
        }
    }

    private void Warn(Address game, string text)
    {
        lock (_telling)
        {
            _observer?.OnWarning(game, text);
        }
    }

    private void TellOracle(OracleRecord record)
    {
        lock (_telling)
        {
            _observer?.OnOracle(record);
        }
    }

    private ServiceRecord Tell(Block? head, string? failure)
    {
        Entry[] open = [.. _entries.Values.Where(each => each.Last?.Phase != PlayerPhase.Finished)];
        if (head is not null)
        {
            _highestActed = open
                .Select(entry => entry.ActedBlock)
                .Concat(_oracles.ActedBlocks)
                .Append(head.Number)
                .Min();
        }

        ServiceRecord record = new()
        {
            Head = head,
            GameCount = _entries.Count,
            FinishedCount = _entries.Count - open.Length,
            FailedCount = open.Count(entry => entry.Last?.Phase == PlayerPhase.Failed),
            UnknownCount = open.Count(entry => entry.Last?.Unknowns.Count > 0),
            FailedOracleCount = _oracles.FailedCount,
            BusyCount = open.Count(entry => !entry.Running.IsCompleted),
            HighestActedBlock = _highestActed,
            Failure = failure,
        };
        lock (_telling)
        {
            _observer?.OnService(record);
        }

        return record;
    }

    private sealed class Entry(GamePlayer player)
    {
        private GameRecord? _last;

        internal GamePlayer Player => player;

        internal Task Running { get; set; } = Task.CompletedTask;

        internal ulong ActedBlock { get; set; }

        // Written by the round's thread, read by the service's.
        internal GameRecord? Last
        {
            get => Volatile.Read(ref _last);
            set => Volatile.Write(ref _last, value);
        }
    }
}
