using System.Collections.Concurrent;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Rpc;
using Culverin.Harness.Sending;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Player;

/// <summary>
/// The watches over the pre-image oracles of all games that a service plays, one for each oracle, however
/// many games share it. Games may be noted from several threads at once; the rest is for one at a time.
/// </summary>
/// <param name="contracts">The contracts, at the node that transactions are sent to.</param>
/// <param name="sender">The account that plays.</param>
/// <param name="options">Whether it only tells what it would do.</param>
/// <param name="tell">Gets each round's record, from any thread.</param>
internal sealed class OracleWatches(
    DisputeContracts contracts, TransactionSender sender, PlayerOptions options, Action<OracleRecord> tell)
{
    private readonly ConcurrentDictionary<Address, Address> _oracleOfGame = new();
    private readonly ConcurrentDictionary<Address, Entry> _entries = new();

    /// <summary>The rounds that are under way or were last.</summary>
    internal IEnumerable<Task> Running => _entries.Values.Select(entry => entry.Running);

    /// <summary>Whether a round did something, so that another may be due at once.</summary>
    internal bool HasActed => _entries.Values.Any(entry => entry.Last?.Actions.Count > 0);

    /// <summary>How many oracles' last rounds failed, or left a proposal unchecked.</summary>
    internal int FailedCount => _entries.Values.Count(entry =>
        entry.Last is { } last && (last.Failure is not null || last.Warnings.Count > 0));

    /// <summary>The last L1 blocks of rounds that went well.</summary>
    internal IEnumerable<ulong> ActedBlocks => _entries.Values.Select(entry => entry.ActedBlock);

    /// <summary>
    /// Notes the oracle of a game, whose address is asked for once. What fails is tried again the next time.
    /// </summary>
    internal async Task NoteAsync(Address game, Block head, CancellationToken cancellation)
    {
        if (_oracleOfGame.ContainsKey(game))
        {
            return;
        }

        try
        {
            Contract oracle = await contracts
                .FindOracleAsync(contracts.Game.At(game), cancellation)
                .ConfigureAwait(false);
            OracleWatch watch = new(oracle, sender, options);
            _ = _entries.TryAdd(oracle.Address, new Entry(watch, head.Number));
            _oracleOfGame[game] = oracle.Address;
        }
        catch (CulverinException error) when (error.Code != ErrorCode.Cancelled)
        {
            // A game that cannot be read tells so by itself.
        }
    }

    /// <summary>Begins a round about each oracle whose last one is over.</summary>
    internal void Start(Block head, CancellationToken cancellation)
    {
        foreach (Entry entry in _entries.Values.Where(entry => entry.Running.IsCompleted))
        {
            entry.Running = PlayAsync(entry, head, cancellation);
        }
    }

    /// <summary>After a reorganisation other games may be at the same addresses.</summary>
    internal void Forget() => _oracleOfGame.Clear();

    private async Task PlayAsync(Entry entry, Block head, CancellationToken cancellation)
    {
        OracleRecord record;
        try
        {
            record = await entry.Watch.PlayAsync(head, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException
            && error is not CulverinException { Code: ErrorCode.Cancelled })
        {
            // A defect that one oracle brings to light must not stop the games.
            record = new OracleRecord
            {
                Address = entry.Watch.Address,
                L1Block = head,
                Failure = $"The player has a defect: {error.GetType().Name}: {error.Message}",
            };
        }

        entry.Last = record;
        if (record.Failure is null)
        {
            entry.ActedBlock = head.Number;
        }

        tell(record);
    }

    private sealed class Entry(OracleWatch watch, ulong foundAt)
    {
        private OracleRecord? _last;

        internal OracleWatch Watch => watch;

        internal Task Running { get; set; } = Task.CompletedTask;

        internal ulong ActedBlock { get; set; } = foundAt;

        // Written by the round's thread, read by the service's.
        internal OracleRecord? Last
        {
            get => Volatile.Read(ref _last);
            set => Volatile.Write(ref _last, value);
        }
    }
}
