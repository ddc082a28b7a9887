using System.Diagnostics;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host;

/// <summary>
/// Gets what a hint announces from the nodes of L1 and L2 into the store. Nothing a node says is believed:
/// headers, transactions, receipts and outputs must hash to what the hint names, trie nodes and code are kept
/// under their own hash, blobs must be those that are committed to. Only answers of precompiled contracts
/// are L1's word. For one thread at a time. Disposing ends what is fetched ahead of the program.
/// </summary>
public sealed class PreimageFetcher : IDisposable
{
    // Of the wait between two attempts.
    private static readonly TimeSpan RetryDelayMax = TimeSpan.FromSeconds(10);

    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly DisputedClaim _claim;
    private readonly PreimageStore _store;
    private readonly HostOptions _options;
    private readonly BlobFetcher? _blobs;
    private readonly PrecompileAnswers _precompiles;
    private readonly L2StateFetcher _state;
    private readonly ChainAhead _ahead;
    private readonly ChainAhead _l2Ahead;

    /// <summary>Uses the nodes and the store, which stay the caller's.</summary>
    /// <param name="l1">The L1.</param>
    /// <param name="l2">The L2.</param>
    /// <param name="claim">What the program decides.</param>
    /// <param name="store">Takes what is fetched.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="blobs">Where blobs come from; null if there is nothing.</param>
    public PreimageFetcher(
        EthereumNode l1,
        EthereumNode l2,
        DisputedClaim claim,
        PreimageStore store,
        HostOptions? options = null,
        BlobFetcher? blobs = null)
    {
        _l1 = l1;
        _l2 = l2;
        _claim = claim;
        _store = store;
        _options = options ?? new HostOptions();
        _blobs = blobs;
        _precompiles = new PrecompileAnswers(_ => Task.FromResult(l1));
        _state = new L2StateFetcher(l2, claim, store);
        _ahead = new ChainAhead(l1, store, FetchOnceAsync);
        _l2Ahead = new ChainAhead(l2, store, FetchOnceAsync);
    }

    /// <summary>
    /// Fetches until it succeeds or the deadline passes; then the last failure is thrown.
    /// </summary>
    /// <exception cref="ChainException">What was wrong with a node at last.</exception>
    /// <exception cref="CulverinException">What no node can help with.</exception>
    internal async Task FetchAsync(HostHint hint, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        TimeSpan delay = _options.RetryDelay;
        while (true)
        {
            try
            {
                await FetchOnceAsync(hint, cancellation).ConfigureAwait(false);
                return;
            }
            catch (ChainException error) when (watch.Elapsed + delay > _options.FetchDeadline)
            {
                throw new ChainException(
                    error.Failure, $"The hint '{hint}' cannot be followed. {error.Message}", error);
            }
            catch (ChainException)
            {
                // Nodes restart, lag and reorganise: most failures of theirs pass.
            }

            await Task.Delay(delay, cancellation).ConfigureAwait(false);
            delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, RetryDelayMax.Ticks));
        }
    }

    /// <summary>Begins to fetch what comes after this hint; nothing waits for it.</summary>
    internal void GoAhead(HostHint hint) => _ahead.GoOn(hint);

    /// <summary>Waits for what is being fetched already because of earlier hints.</summary>
    internal Task WaitAsync(HostHint hint) => _ahead.WaitAsync(hint);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ahead.Dispose();
        _l2Ahead.Dispose();
    }

    private Task FetchOnceAsync(HostHint hint, CancellationToken cancellation) => hint.Kind switch
    {
        HostHintKind.L1Header => WalkBackAsync(_l1, _ahead, hint.Hash, cancellation),
        HostHintKind.L2Header => WalkBackAsync(_l2, _l2Ahead, hint.Hash, cancellation),
        HostHintKind.L1Transactions => FetchTransactionsAsync(_l1, hint.Hash, cancellation),
        HostHintKind.L2Transactions => FetchTransactionsAsync(_l2, hint.Hash, cancellation),
        HostHintKind.L1Receipts => FetchReceiptsAsync(_l1, hint.Hash, cancellation),
        HostHintKind.L2Receipts => FetchReceiptsAsync(_l2, hint.Hash, cancellation),
        HostHintKind.L1Blob => FetchBlobAsync(hint, cancellation),
        HostHintKind.L1Precompile => FetchAnswerAsync(hint, cancellation),
        HostHintKind.L2StateNode => _state.FetchAsync(hint.Hash, isCode: false, cancellation),
        HostHintKind.L2Code => _state.FetchAsync(hint.Hash, isCode: true, cancellation),
        HostHintKind.L2Output => FetchOutputAsync(hint.Hash, cancellation),
        _ => FetchAccountAsync(hint.Hash, hint.Account, cancellation),
    };

    // A program walks back over both chains: over L1 to where a channel may begin, over the L2 to the block
    // that tells by whose configuration.
    private async Task WalkBackAsync(
        EthereumNode node, ChainAhead ahead, Bytes32 hash, CancellationToken cancellation)
    {
        BlockHeader header = await FetchHeaderAsync(node, hash, cancellation).ConfigureAwait(false);
        await ahead.WalkBackAsync(header, cancellation).ConfigureAwait(false);
    }

    private async Task<BlockHeader> FetchHeaderAsync(
        EthereumNode node, Bytes32 hash, CancellationToken cancellation)
    {
        // Headers that are known already spare a question.
        if (_store.Find(PreimageStore.KeyOf(hash)) is { } known)
        {
            return BlockHeader.Decode(known);
        }

        Block block = await node
            .GetBlockAsync(BlockReference.Hash(hash), cancellation)
            .ConfigureAwait(false);
        _store.Add(block.Header.Encode());
        return block.Header;
    }

    private async Task FetchTransactionsAsync(
        EthereumNode node, Bytes32 hash, CancellationToken cancellation)
    {
        BlockHeader header = await FetchHeaderAsync(node, hash, cancellation).ConfigureAwait(false);
        Add(await RawTransactions.ReadAsync(node, header, cancellation).ConfigureAwait(false));
    }

    private async Task FetchReceiptsAsync(EthereumNode node, Bytes32 hash, CancellationToken cancellation)
    {
        BlockHeader header = await FetchHeaderAsync(node, hash, cancellation).ConfigureAwait(false);
        Add(await RawReceipts.ReadAsync(node, header, cancellation).ConfigureAwait(false));
    }

    private void Add(IReadOnlyList<byte[]> list)
    {
        foreach (byte[] each in TrieBuilder.NodesOf(list))
        {
            _store.Add(each);
        }
    }

    private async Task FetchBlobAsync(HostHint hint, CancellationToken cancellation)
    {
        if (_blobs is null)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument,
                $"The program needs the blob {hint.Hash}, and no beacon node was given.");
        }

        _store.AddBlob(await _blobs
            .FetchAsync(hint.Hash, hint.BlobIndex, hint.BlobTime, cancellation)
            .ConfigureAwait(false));
    }

    private async Task FetchAnswerAsync(HostHint hint, CancellationToken cancellation)
    {
        (Bytes32 Key, byte[] Value)? answer =
            await _precompiles.AnswerAsync(hint.Text, cancellation).ConfigureAwait(false);
        _store.AddAnswer(hint.Question, answer!.Value.Value);
    }

    private async Task FetchOutputAsync(Bytes32 root, CancellationToken cancellation)
    {
        OutputRoot output = await OutputRoot
            .ReadAsync(_l2, BlockReference.Hash(_claim.AgreedBlockHash), cancellation)
            .ConfigureAwait(false);
        if (output.Hash != root)
        {
            throw new ChainException(
                ChainFailure.BadAnswer,
                $"The output root of L2 block {_claim.AgreedBlockHash} is {output.Hash}, not {root}.");
        }

        _store.Add(output.Encode());
    }

    private async Task FetchAccountAsync(Bytes32 block, Address account, CancellationToken cancellation)
    {
        BlockHeader header = await FetchHeaderAsync(_l2, block, cancellation).ConfigureAwait(false);
        AccountProof proof = await _l2
            .GetProofAsync(account, [], BlockReference.Hash(block), cancellation)
            .ConfigureAwait(false);

        // Only whether the nodes lead from the root to an account, or to its absence, is of interest here.
        byte[] name = new byte[Address.SizeBytes];
        account.CopyTo(name);
        _ = TrieProof.Find(header.StateRoot, Bytes32.Keccak256(name).ToArray(), proof.Nodes);
        foreach (ReadOnlyMemory<byte> node in proof.Nodes)
        {
            _store.Add(node);
        }
    }
}
