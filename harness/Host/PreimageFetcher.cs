using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Culverin.Harness.Chain;
using Culverin.Harness.Rollup;

namespace Culverin.Harness.Host;

/// <summary>
/// Gets what a hint announces from the nodes of L1 and L2 into the store. Nothing a node says is believed:
/// headers, transactions and outputs must hash to what the hint names, trie nodes are kept under their own
/// hash. For one thread at a time.
/// </summary>
public sealed class PreimageFetcher
{
    private readonly EthereumNode _l1;
    private readonly EthereumNode _l2;
    private readonly DisputedClaim _claim;
    private readonly PreimageStore _store;
    private readonly HostOptions _options;

    /// <summary>Uses the nodes and the store, which stay the caller's.</summary>
    public PreimageFetcher(
        EthereumNode l1,
        EthereumNode l2,
        DisputedClaim claim,
        PreimageStore store,
        HostOptions? options = null)
    {
        _l1 = l1;
        _l2 = l2;
        _claim = claim;
        _store = store;
        _options = options ?? new HostOptions();
    }

    /// <summary>
    /// Fetches until it succeeds or the deadline passes; then the last failure is thrown.
    /// </summary>
    /// <exception cref="ChainException">What was wrong with a node at last.</exception>
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
            delay *= 2;
        }
    }

    private Task FetchOnceAsync(HostHint hint, CancellationToken cancellation) => hint.Kind switch
    {
        HostHintKind.L1Header => FetchHeaderAsync(_l1, hint.Hash, cancellation),
        HostHintKind.L2Header => FetchHeaderAsync(_l2, hint.Hash, cancellation),
        HostHintKind.L1Transactions => FetchTransactionsAsync(_l1, hint.Hash, cancellation),
        HostHintKind.L2Transactions => FetchTransactionsAsync(_l2, hint.Hash, cancellation),
        HostHintKind.L2Output => FetchOutputAsync(hint.Hash, cancellation),
        _ => FetchAccountAsync(hint.Hash, hint.Account, cancellation),
    };

    private async Task<BlockHeader> FetchHeaderAsync(
        EthereumNode node, Bytes32 hash, CancellationToken cancellation)
    {
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
        IReadOnlyList<byte[]> transactions =
            await RawTransactions.ReadAsync(node, header, cancellation).ConfigureAwait(false);
        foreach (byte[] each in TrieBuilder.NodesOf(transactions))
        {
            _store.Add(each);
        }
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
