namespace Culverin.Oracle;

/// <summary>
/// Passes requests on to another oracle and records its answers in a single file, from which
/// <see cref="ReplayOracle"/> can repeat the run. Each pre-image is recorded once, each hint every time, in
/// order.
/// </summary>
/// <remarks>
/// While the recording grows it is called <c>FILE.partial</c> (or <c>.partial2</c> and so on: earlier ones
/// are never overwritten). Each record reaches the operating system before its answer reaches the guest, so
/// when the process dies, everything the guest has seen is in the partial file and can be replayed with
/// <c>acceptUnfinished</c>; only a power failure can lose the newest records. <see cref="Shutdown"/>
/// completes it, waits for the disk and renames it to <c>FILE</c>; a file of that name is therefore always
/// complete. This happens after a failed run too, since what was answered until then is worth keeping.
/// </remarks>
internal sealed class RecordingOracle : IPreimageOracle
{
    private readonly Lock _gate = new();
    private readonly IPreimageOracle _inner;
    private readonly RecordWriter _writer;
    private readonly Dictionary<PreimageKey, (int Length, uint Checksum)> _recorded = [];
    private bool _isShutDown;

    /// <summary>
    /// Records the answers of <paramref name="inner"/>, which it then owns and shuts down, to
    /// <paramref name="path"/>. A folder that cannot be written is <see cref="ErrorCode.FileAccess"/>; the
    /// inner oracle then still belongs to the caller.
    /// </summary>
    public RecordingOracle(IPreimageOracle inner, string path)
    {
        _inner = inner;
        _writer = RecordWriter.Create(path);
    }

    /// <summary>Where the records are until <see cref="Shutdown"/>.</summary>
    public string PartialPath => _writer.PartialPath;

    /// <inheritdoc/>
    /// <remarks>
    /// A different answer to the same key is <see cref="ErrorCode.PreimageServer"/>: a run on such answers
    /// could neither be repeated nor proven.
    /// </remarks>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        PreimageKey index = PreimageKey.From(key);
        byte[] value = _inner.GetPreimage(key);
        uint checksum = RecordFormat.Checksum(value);
        lock (_gate)
        {
            RequireOpen();
            if (!_recorded.TryGetValue(index, out (int Length, uint Checksum) earlier))
            {
                _writer.Append(RecordKind.Preimage, key, value);
                _recorded.Add(index, (value.Length, checksum));
            }
            else if (earlier != (value.Length, checksum))
            {
                throw new CulverinException(ErrorCode.PreimageServer,
                    $"The pre-image server gave two different answers for {PreimageKey.Text(key)}.");
            }
        }

        return value;
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        _inner.Hint(payload);
        lock (_gate)
        {
            RequireOpen();
            _writer.Append(RecordKind.Hint, [], payload.ToArray());
        }
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        try
        {
            // First, because it ends a request that another thread may be waiting for.
            _inner.Shutdown();
        }
        finally
        {
            lock (_gate)
            {
                if (!_isShutDown)
                {
                    _isShutDown = true;
                    _writer.Finish();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Shutdown();
        }
        catch (CulverinException)
        {
            // Who wants to know calls Shutdown.
        }

        _inner.Dispose();
        _writer.Dispose();
    }

    private void RequireOpen()
    {
        if (_isShutDown)
        {
            throw new CulverinException(ErrorCode.Cancelled, "The recording was already finished.");
        }
    }
}
