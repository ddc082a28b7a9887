using Culverin.Harness.Rollup;
using Culverin.Harness.Rpc;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host;

/// <summary>
/// What of a chain a program will ask for soon: headers behind the one that it asked for, in one request; and
/// of L1, fetched while it works, transactions and receipts of the blocks that follow. What comes is checked
/// like everything else; what fails is asked for again when the program wants it. For one thread at a time.
/// </summary>
internal sealed class ChainAhead : IDisposable
{
    private const int HeadersFirst = 4;
    private const int HeadersMax = 128;
    private const int BlocksMax = 4;
    private const int KnownMax = 1 << 16;

    private readonly EthereumNode _node;
    private readonly PreimageStore _store;
    private readonly Func<HostHint, CancellationToken, Task> _fetch;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Task> _running = [];

    // The chain as the program walked over it.
    private readonly Dictionary<ulong, Bytes32> _hashes = [];
    private readonly Dictionary<Bytes32, ulong> _numbers = [];
    private int _headerCount = HeadersFirst;

    internal ChainAhead(EthereumNode node, PreimageStore store, Func<HostHint, CancellationToken, Task> fetch)
    {
        _node = node;
        _store = store;
        _fetch = fetch;
    }

    /// <summary>Gets headers behind one that was just fetched, a few at first, more each time.</summary>
    internal async Task WalkBackAsync(BlockHeader header, CancellationToken cancellation)
    {
        Note(header);
        List<BlockReference> wanted = [];
        for (ulong number = header.Number; number > 0 && wanted.Count < _headerCount; number--)
        {
            wanted.Add(number - 1);
        }

        _headerCount = Math.Min(2 * _headerCount, HeadersMax);
        try
        {
            foreach (Block? block in await _node.FindBlocksAsync(wanted, cancellation).ConfigureAwait(false))
            {
                // A node may be on another branch there.
                if (block is null || block.Hash != header.ParentHash)
                {
                    return;
                }

                header = block.Header;
                _store.Add(header.Encode());
                Note(header);
            }
        }
        catch (ChainException)
        {
            // The program asks for each by its hash if need be.
        }
    }

    /// <summary>Begins to get the same of the blocks that follow, as far as it is not there.</summary>
    internal void GoOn(HostHint hint)
    {
        if (hint.Kind is not (HostHintKind.L1Transactions or HostHintKind.L1Receipts)
            || !_numbers.TryGetValue(hint.Hash, out ulong number))
        {
            return;
        }

        foreach ((string name, Task task) in _running.ToArray())
        {
            if (task.IsCompleted)
            {
                _ = _running.Remove(name);
            }
        }

        for (ulong next = number + 1; next <= number + BlocksMax && _running.Count < BlocksMax; next++)
        {
            if (_hashes.TryGetValue(next, out Bytes32 hash) && IsMissing(hint.Kind, hash))
            {
                HostHint later = HostHint.Of(hint.Kind, hash);
                string name = later.ToString();
                if (!_running.ContainsKey(name))
                {
                    _running.Add(name, FetchQuietlyAsync(later));
                }
            }
        }
    }

    /// <summary>Waits for what was begun because of a hint before this one, if anything was.</summary>
    internal async Task WaitAsync(HostHint hint)
    {
        if (_running.Remove(hint.ToString(), out Task? task))
        {
            await task.ConfigureAwait(false);
        }
    }

    /// <summary>Ends what was begun.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        Task.WhenAll(_running.Values).GetAwaiter().GetResult();
        _running.Clear();
        _stop.Dispose();
    }

    private bool IsMissing(HostHintKind kind, Bytes32 hash)
    {
        if (_store.Find(PreimageStore.KeyOf(hash)) is not { } encoded)
        {
            return true;
        }

        BlockHeader header = BlockHeader.Decode(encoded);
        Bytes32 root = kind == HostHintKind.L1Transactions ? header.TransactionsRoot : header.ReceiptsRoot;
        return root != TrieBuilder.EmptyRoot && _store.Find(PreimageStore.KeyOf(root)) is null;
    }

    private void Note(BlockHeader header)
    {
        if (_hashes.Count == KnownMax)
        {
            _hashes.Clear();
            _numbers.Clear();
        }

        _hashes[header.Number] = header.Hash;
        _numbers[header.Hash] = header.Number;
    }

    private async Task FetchQuietlyAsync(HostHint hint)
    {
        try
        {
            await _fetch(hint, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is CulverinException or OperationCanceledException)
        {
            // Whoever asks for it is told.
        }
    }
}
