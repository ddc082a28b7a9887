using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Values;
using Culverin.Oracle;


namespace Culverin.Harness.Host;

/// <summary>
/// Serves the fault-proof program in this process: local pre-images from the claim, all others from the
/// store, and what the store lacks from the nodes, by the last hint. Without nodes it serves the store
/// alone, which replays any run whose pre-images are there.
/// </summary>
/// <remarks>
/// A pre-image is fetched by the hint before it, so a run that is resumed where the program has hinted
/// but not yet read needs a store that an earlier run has filled.
/// Disposing it disposes the fetcher, whose nodes must live until then.
/// </remarks>
public sealed class HostOracle : IPreimageOracle
{
    private readonly Lock _gate = new();
    private readonly DisputedClaim _claim;
    private readonly PreimageStore _store;
    private readonly PreimageFetcher? _fetcher;
    private readonly CancellationToken _cancellation;
    private HostHint? _lastHint;

    /// <summary>Serves a claim.</summary>
    /// <param name="claim">What the program decides.</param>
    /// <param name="store">Where pre-images are kept.</param>
    /// <param name="fetcher">Gets what the store lacks; null to serve the store alone.</param>
    /// <param name="cancellation">Ends waiting for nodes.</param>
    public HostOracle(
        DisputedClaim claim,
        PreimageStore store,
        PreimageFetcher? fetcher = null,
        CancellationToken cancellation = default)
    {
        _claim = claim;
        _store = store;
        _fetcher = fetcher;
        _cancellation = cancellation;
    }

    /// <summary>How often the nodes were asked because of a hint.</summary>
    public int FetchCount { get; private set; }

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        Bytes32 name = new(key);
        lock (_gate)
        {
            return OracleKey.TypeOf(name) switch
            {
                PreimageKeyType.Local => _claim.FindLocal(key),
                PreimageKeyType.Keccak256 or PreimageKeyType.Sha256 or PreimageKeyType.Blob
                    or PreimageKeyType.Precompile => _store.Find(name) ?? Fetch(name),
                _ => null,
            }
            ?? throw new CulverinException(
                ErrorCode.PreimageMissing, $"The pre-image {name} is of no kind that this host serves.");
        }
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        // What the hint announces may be in the store: only what comes after it is fetched now.
        lock (_gate)
        {
            _lastHint = HostHint.TryParse(payload);
            if (_lastHint is not null)
            {
                _fetcher?.GoAhead(_lastHint);
            }
        }
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => _fetcher?.Dispose();

    private byte[] Fetch(Bytes32 key)
    {
        if (_fetcher is null)
        {
            throw Missing(key, "is not in the store, and there are no nodes to ask");
        }

        if (_lastHint is null)
        {
            throw Missing(key, "is not in the store, and no hint says what it is");
        }

        try
        {
            _fetcher.WaitAsync(_lastHint).GetAwaiter().GetResult();
            if (_store.Find(key) is { } fetched)
            {
                return fetched;
            }

            FetchCount++;
            _fetcher.FetchAsync(_lastHint, _cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException error)
        {
            throw new CulverinException(ErrorCode.Cancelled, "Waiting for a node was cancelled.", error);
        }

        return _store.Find(key) ?? throw Missing(key, $"is not what the hint '{_lastHint}' announced");
    }

    private static CulverinException Missing(Bytes32 key, string why) =>
        new(ErrorCode.PreimageMissing, $"The pre-image {key} {why}.");
}
