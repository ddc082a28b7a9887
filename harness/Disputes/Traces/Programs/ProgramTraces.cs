using System.Text;
using Culverin.Harness.Disputes.Games;
using Culverin.Harness.Host;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Disputes.Traces.Programs;

/// <summary>
/// Runs of the fault-proof program in the engine, for the disputes of one game. Each run has its inputs as
/// the game contract provides them, and a folder of its own, from which it goes on after this program was
/// ended, however that happened. A run may be closed by the opening of others: whoever needs it again opens
/// it again. For one thread at a time.
/// </summary>
public sealed class ProgramTraces : IStateTraces, IDisposable
{
    private const string LockName = "lock";
    private const string RunPrefix = "run-";

    // Asked for again with each claim of a dispute, and never another one.
    private const int KnownClaimsMax = 1 << 10;

    private readonly Game _game;
    private readonly OutputTrace _outputs;
    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly ProgramOptions _options;
    private readonly BlobSource? _beacon;
    private readonly FileStream _lock;

    // The one that was used last comes last.
    private readonly List<ProgramRun> _open = [];
    private readonly Dictionary<OutputDispute, DisputedClaim> _knownClaims = [];
    private ulong _closedSteps;
    private StepNeed? _need;

    /// <summary>Takes the data folder; nodes and outputs stay the caller's.</summary>
    /// <param name="game">The game; only what never changes in it counts.</param>
    /// <param name="outputs">The right outputs of the game.</param>
    /// <param name="l1">The L1, from which the program gets the L2's data.</param>
    /// <param name="l2">The L2, with the state of the blocks in question.</param>
    /// <param name="options">Program, folder and limits.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.FileAccess"/>, also when another one uses the folder;
    /// <see cref="ErrorCode.InvalidArgument"/>.
    /// </exception>
    public ProgramTraces(
        Game game, OutputTrace outputs, EthereumNode l1, EthereumNode l2, ProgramOptions options)
    {
        options.Validate();
        _game = game;
        _outputs = outputs;
        _l1 = l1;
        _l2 = l2;
        _options = options;
        _lock = TakeFolder(options.DataFolder);
        _beacon = options.Beacon is { } endpoint
            ? new BlobSource(endpoint, l1, options.Host.FetchDeadline)
            : null;
    }

    /// <summary>How many runs are open.</summary>
    public int OpenCount => _open.Count;

    /// <summary>
    /// Steps of all runs that were opened, as far as they are known; those of a run that was closed and
    /// opened again count twice.
    /// </summary>
    public ulong KnownSteps => _open.Aggregate(_closedSteps, (sum, run) => sum + StepsOf(run));

    /// <inheritdoc/>
    public async Task<IStateTrace> OpenAsync(
        OutputDispute dispute, CancellationToken cancellation = default)
    {
        DisputedClaim claim = await ClaimAsync(dispute, cancellation).ConfigureAwait(false);
        ProgramRun? run = _open.Find(each => each.Claim == claim);
        if (run is not null)
        {
            _ = _open.Remove(run);
        }

        if (run is null || run.IsStopped)
        {
            run?.Dispose();
            string name = NameOf(claim);
            CloseDownTo(_options.OpenRunsMax - 1);
            RemoveOldRuns(name);
            run = await Task
                .Run(() => ProgramRun.Open(Path.Combine(_options.DataFolder, name), claim, Fetch, _options))
                .ConfigureAwait(false);
        }

        _open.Add(run);
        return run;
    }

    /// <inheritdoc/>
    public async Task<StepNeed?> FindNeedAsync(CancellationToken cancellation = default) =>
        _need ??= await new StepSurvey(_game, _outputs, _l2, Fetch, _options)
            .RunAsync(cancellation)
            .ConfigureAwait(false);

    /// <summary>
    /// What a dispute's run decides, as the contract's <c>addLocalData</c> tells the program. Throws <see
    /// cref="CulverinException"/> when the dispute starts from an output that is not known to be right, or
    /// is about a block that no chain has (<see cref="UndecidableException"/>).
    /// </summary>
    public async Task<DisputedClaim> ClaimAsync(
        OutputDispute dispute, CancellationToken cancellation = default)
    {
        if (!_knownClaims.TryGetValue(dispute, out DisputedClaim? claim))
        {
            claim = await FindClaimAsync(dispute, cancellation).ConfigureAwait(false);
            if (_knownClaims.Count == KnownClaimsMax)
            {
                _knownClaims.Clear();
            }

            _knownClaims.Add(dispute, claim);
        }

        return claim;
    }

    /// <summary>Closes all runs and frees the folder; what is in it stays.</summary>
    public void Dispose()
    {
        CloseDownTo(0);
        _beacon?.Dispose();
        _lock.Dispose();
    }

    /// <summary>
    /// Removes a data folder with all runs in it; false, and nothing happens, when it is in use.
    /// </summary>
    internal static bool TryRemove(string folder)
    {
        try
        {
            using FileStream held = TakeFolder(folder);
            Directory.Delete(folder, recursive: true);
            return true;
        }
        catch (CulverinException)
        {
            return false;
        }
    }

    private async Task<DisputedClaim> FindClaimAsync(
        OutputDispute dispute, CancellationToken cancellation)
    {
        ulong agreed = dispute.StartingPosition is { } position
            ? await _outputs
                .RightBlockAtAsync(LeafOf(position), cancellation)
                .ConfigureAwait(false)
            : _game.StartingBlock;
        OutputRoot output = await OutputRoot.ReadAsync(_l2, agreed, cancellation).ConfigureAwait(false);
        ulong disputed = OutputTrace.BlockAt(_game, LeafOf(dispute.DisputedPosition));
        return output.Hash == dispute.Starting && disputed < ulong.MaxValue
            ? new DisputedClaim
            {
                L1Head = _game.L1Head,
                AgreedOutputRoot = dispute.Starting,
                AgreedBlockHash = output.BlockHash,
                ClaimedOutputRoot = dispute.Disputed,
                ClaimedBlockNumber = disputed,
                ChainId = _game.L2ChainId,
            }
            : throw new UndecidableException(
                $"The run would go from output {dispute.Starting} to block {disputed}, but the output after "
                    + $"block {agreed} is {output.Hash}.");
    }

    private UInt128 LeafOf(Position position) => position.TraceIndex(_game.Rules.SplitDepth);

    private PreimageFetcher Fetch(DisputedClaim claim, PreimageStore store) =>
        new(_l1, _l2, claim, store, _options.Host, _beacon?.Blobs);

    // Of a run whose folder is damaged nothing is known.
    private static ulong StepsOf(ProgramRun run)
    {
        try
        {
            return run.KnownSteps;
        }
        catch (CulverinException)
        {
            return 0;
        }
    }

    // All that a run depends on; the first state is told apart by the run's own folder.
    private static string NameOf(DisputedClaim claim) =>
        RunPrefix + Bytes32.Keccak256(Encoding.UTF8.GetBytes(claim.ToString())).ToString()[2..];

    private void CloseDownTo(int count)
    {
        while (_open.Count > count)
        {
            ProgramRun run = _open[0];
            _open.RemoveAt(0);
            _closedSteps += StepsOf(run);
            run.Dispose();
        }
    }

    private void RemoveOldRuns(string added)
    {
        HashSet<string> kept = [added, .. _open.Select(run => NameOf(run.Claim))];
        try
        {
            DirectoryInfo[] others =
            [
                .. new DirectoryInfo(_options.DataFolder)
                    .GetDirectories(RunPrefix + "*")
                    .Where(folder => !kept.Contains(folder.Name))
                    .OrderBy(folder => folder.LastWriteTimeUtc),
            ];
            int excess = kept.Count + others.Length - _options.KeptRunsMax;
            foreach (DirectoryInfo folder in others.Take(excess))
            {
                folder.Delete(recursive: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess,
                $"Old runs in \"{_options.DataFolder}\" cannot be removed: {error.Message}",
                error);
        }
    }

    // The operating system ends the lock with the process, however that ends.
    private static FileStream TakeFolder(string folder)
    {
        try
        {
            _ = Directory.CreateDirectory(folder);
            return new FileStream(
                Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            throw new CulverinException(
                ErrorCode.FileAccess,
                $"The folder \"{folder}\" cannot be used for the runs of a game, or something else uses it: "
                    + error.Message,
                error);
        }
    }
}
