using System.Globalization;
using Culverin.Harness.Local;
using Culverin.Harness.Rpc;
using Culverin.Harness.Rpc.Transport;
using Culverin.Harness.Values;

namespace Culverin.Harness.Arenas;

/// <summary>
/// The L2 of an arena that follows from L1: its own node as sequencer, its batcher and its proposer as
/// programs that do what they are told and end, and a second node that knows L1 only, for those who want to
/// know what is right.
/// </summary>
public sealed class DerivedL2 : IL2Chain
{
    private const string SequencerFolder = "sequencer";
    private const string VerifierFolder = "verifier";

    private readonly L2Program _program;
    private readonly DirectoryInfo _folder;
    private readonly L2Files _files;
    private readonly Anvil _l1;
    private readonly ArenaOptions _options;
    private readonly string? _kzgScript;
    private readonly JsonRpcClient _rpc;
    private readonly SemaphoreSlim _gate = new(1);
    private L2Node _sequencer;
    private L2Node? _verifier;
    private int _snapshotCount;

    private DerivedL2(
        L2Program program,
        DirectoryInfo folder,
        L2Files files,
        Anvil l1,
        ArenaOptions options,
        string? kzgScript,
        L2Node sequencer)
    {
        _program = program;
        _folder = folder;
        _files = files;
        _l1 = l1;
        _options = options;
        _kzgScript = kzgScript;
        _sequencer = sequencer;
        Endpoint = sequencer.Endpoint;
        _rpc = new JsonRpcClient(Endpoint);
        Node = new EthereumNode(_rpc);
    }

    /// <inheritdoc/>
    public Uri Endpoint { get; }

    /// <inheritdoc/>
    public EthereumNode Node { get; }

    /// <summary>The sequencer's heads.</summary>
    public RollupNode Rollup => new(_rpc);

    /// <summary>The rollup.json of the L2.</summary>
    public string RollupPath => _files.RollupPath;

    /// <summary>The configuration of its L1.</summary>
    public string L1ConfigPath => _files.L1ConfigPath;

    /// <summary>Starts the sequencer. Throws <see cref="ChainException"/>; nothing is left then.</summary>
    internal static async Task<DerivedL2> StartAsync(
        L2Program program,
        Anvil l1,
        L2Genesis genesis,
        RollupFacts facts,
        string? kzgScript,
        CancellationToken cancellation)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("culverin-l2-");
        try
        {
            L2Files files = await L2Files
                .WriteAsync(folder.FullName, program, l1.Node, genesis, facts, cancellation)
                .ConfigureAwait(false);
            L2NodeOptions options =
                NodeOptions(
                    files, l1, facts.Options, kzgScript, Path.Combine(folder.FullName, SequencerFolder)) with
                {
                    IsSequencer = true,
                };
            L2Node sequencer =
                await L2Node.StartAsync(program, options, cancellation).ConfigureAwait(false);
            return new DerivedL2(program, folder, files, l1, facts.Options, kzgScript, sequencer);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task MineAsync(int blockCount = 1, CancellationToken cancellation = default) =>
        _sequencer.MineAsync(blockCount, cancellation);

    /// <inheritdoc/>
    public Task AdvanceAsync(ulong seconds, CancellationToken cancellation = default) =>
        _sequencer.AdvanceAsync(seconds, cancellation);

    /// <summary>Makes blocks up to a time, in seconds since 1970.</summary>
    public Task AdvanceToAsync(ulong timestamp, CancellationToken cancellation = default) =>
        _sequencer.AdvanceToAsync(timestamp, cancellation);

    /// <summary>
    /// Makes blocks until the newest belongs to L1's newest block, so that all deposits have arrived.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellation = default)
    {
        Block head = await _l1.Node
            .GetBlockAsync(BlockReference.Latest, cancellation)
            .ConfigureAwait(false);
        await _sequencer.AdvanceToAsync(head.Timestamp, cancellation).ConfigureAwait(false);
        while ((await Rollup.GetSyncStatusAsync(cancellation).ConfigureAwait(false)).UnsafeOrigin.Number
            < head.Number)
        {
            await MineAsync(1, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Posts the blocks that are not safe yet, as the batcher, up to a number or the newest; returns when
    /// the sequencer has read them from L1. Throws <see cref="ChainException"/>.
    /// </summary>
    public async Task PostAsync(
        ArenaAccount batcher,
        ulong? throughNumber = null,
        bool inBlobs = false,
        CancellationToken cancellation = default)
    {
        string[] last = throughNumber is { } number ? ["--last", Text(number)] : [];
        string[] form = inBlobs ? ["--blobs", RequireKzgScript()] : [];
        await SendAsync(
            batcher,
            ["batcher", "--rollup", RollupPath, "--l1-config", L1ConfigPath, .. last, .. form],
            cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Proposes the safe head, as the proposer; nothing happens when that has been proposed. Throws <see
    /// cref="ChainException"/>.
    /// </summary>
    public async Task ProposeAsync(
        ArenaAccount proposer, Address factory, uint gameType, CancellationToken cancellation = default) =>
        await SendAsync(
            proposer,
            ["proposer", "--factory", factory.ToString(), "--game-type", Text(gameType)],
            cancellation).ConfigureAwait(false);

    /// <summary>
    /// The node that derives the L2 from L1 alone, which has read L1 up to its newest block when this
    /// returns. It stays this object's. Throws <see cref="ChainException"/>.
    /// </summary>
    public async Task<L2Node> VerifierAsync(CancellationToken cancellation = default)
    {
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _verifier ??= await L2Node
                .StartAsync(
                    _program,
                    NodeOptions(
                        _files, _l1, _options, _kzgScript, Path.Combine(_folder.FullName, VerifierFolder)),
                    cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }

        await _verifier.FollowL1Async(_l1.Node, cancellation).ConfigureAwait(false);
        return _verifier;
    }

    /// <inheritdoc/>
    public async Task<ChainSnapshot> RememberAsync(CancellationToken cancellation = default)
    {
        Snapshot snapshot = new($"snapshot-{++_snapshotCount}");
        await RestartAsync(SequencerFolder, snapshot.Name, cancellation).ConfigureAwait(false);
        return snapshot;
    }

    /// <inheritdoc/>
    public Task GoBackAsync(ChainSnapshot snapshot, CancellationToken cancellation = default) =>
        RestartAsync(((Snapshot)snapshot).Name, SequencerFolder, cancellation);

    /// <summary>Ends the nodes and removes their files.</summary>
    public async ValueTask DisposeAsync()
    {
        Node.Dispose();
        _rpc.Dispose();
        await _sequencer.DisposeAsync().ConfigureAwait(false);
        await StopVerifierAsync().ConfigureAwait(false);
        _gate.Dispose();
        _folder.Delete(recursive: true);
    }

    private string RequireKzgScript() => _kzgScript ?? throw new ChainException(
        ChainFailure.NodeStart, "The script that makes blobs' commitments is not beside the npm packages.");

    private static L2NodeOptions NodeOptions(
        L2Files files, Anvil l1, ArenaOptions options, string? kzgScript, string folder) => new()
        {
            GenesisPath = files.GenesisPath,
            RollupPath = files.RollupPath,
            L1ConfigPath = files.L1ConfigPath,
            L1 = l1.Endpoint,
            DataFolder = folder,
            BlockSeconds = options.L2BlockSeconds,
            Beacon = kzgScript is null ? null : (l1.Endpoint, kzgScript),
        };

    private static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task SendAsync(
        ArenaAccount account, string[] arguments, CancellationToken cancellation)
    {
        string key = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.key");
        await File.WriteAllTextAsync(key, account.KeyDigits.ToString(), cancellation).ConfigureAwait(false);
        try
        {
            _ = await _program
                .AskAsync(
                    [
                        .. arguments,
                        "--once", "--l1", _l1.Endpoint.ToString(), "--l2", Endpoint.ToString(),
                        "--key", key, "--poll", "5ms",
                    ],
                    cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            File.Delete(key);
        }

        await _sequencer.FollowL1Async(_l1.Node, cancellation).ConfigureAwait(false);
    }

    // A chain's file is copied while no node has it open.
    private async Task RestartAsync(string from, string to, CancellationToken cancellation)
    {
        await _sequencer.DisposeAsync().ConfigureAwait(false);
        if (to == SequencerFolder)
        {
            // It would have to take back what L1 has not any more; it knows nothing that L1 does not tell.
            await StopVerifierAsync().ConfigureAwait(false);
        }

        string target = Path.Combine(_folder.FullName, to);
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        _ = Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(_folder.FullName, from)))
        {
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));
        }

        L2NodeOptions options =
            NodeOptions(
                _files, _l1, _options, _kzgScript, Path.Combine(_folder.FullName, SequencerFolder)) with
            {
                IsSequencer = true,
                Port = Endpoint.Port,
            };
        _sequencer = await L2Node.StartAsync(_program, options, cancellation).ConfigureAwait(false);
        await _sequencer.FollowL1Async(_l1.Node, cancellation).ConfigureAwait(false);
    }

    private async Task StopVerifierAsync()
    {
        if (_verifier is not null)
        {
            await _verifier.DisposeAsync().ConfigureAwait(false);
            _verifier = null;
            Directory.Delete(Path.Combine(_folder.FullName, VerifierFolder), recursive: true);
        }
    }

    private sealed class Snapshot(string name) : ChainSnapshot
    {
        public string Name { get; } = name;
    }
}
