using Culverin.Files.Streams;
using Culverin.Oracle;

namespace Culverin.Trace;

/// <summary>
/// The pre-images of a trace: those recorded in its folder, and for all others the source, whose answers are
/// recorded as they come. The source is opened only when a pre-image is missing.
/// </summary>
/// <remarks>
/// Several machines may ask at once. A run that goes on from a checkpoint hands the source only the hints
/// that the guest gives from then on; a hint given before, whose pre-image comes after, is the last of the
/// recorded ones and is given again. Where nothing can be recorded any more, because the disk is full, the
/// source is asked without; what is missing then is asked for again when it is needed again.
/// </remarks>
internal sealed class TraceOracle : IPreimageOracle
{
    private const string FilePattern = "preimages-*.record*";

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly Func<IPreimageOracle>? _openSource;
    private List<ReplayOracle> _recordings = [];
    private IPreimageOracle? _source;
    private RecordingOracle? _recorder;
    private byte[]? _lastHint;

    /// <summary>Opens the recordings in a folder.</summary>
    public TraceOracle(string folder, Func<IPreimageOracle>? openSource)
    {
        _folder = folder;
        _openSource = openSource;
        OpenRecordings();
    }

    /// <summary>Recorded pre-images.</summary>
    public int PreimageCount => _recordings.Sum(recording => recording.PreimageCount);

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        CulverinException? damage = null;
        foreach (ReplayOracle recording in Volatile.Read(ref _recordings))
        {
            if (!recording.Has(key))
            {
                continue;
            }

            try
            {
                return recording.GetPreimage(key);
            }
            catch (CulverinException error) when (error.Code == ErrorCode.FileAccess)
            {
                damage = error;
            }
        }

        lock (_gate)
        {
            return OpenSource()
                ? Ask(key)
                : throw damage ?? new CulverinException(
                    ErrorCode.PreimageMissing,
                    $"The trace in \"{_folder}\" has no pre-image for 0x{Convert.ToHexStringLower(key)}, "
                        + "and there is no source to ask.");
        }
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            // A first run passes on everything; a repeated one asks nothing, so there is nothing to prepare.
            if (_source is null && _recordings.Count > 0)
            {
                _lastHint = payload.ToArray();
                return;
            }

            if (OpenSource())
            {
                Tell(payload);
            }
        }
    }

    /// <summary>Closes the source and makes its answers part of the recordings.</summary>
    public void FinishRecording()
    {
        lock (_gate)
        {
            if (_source is { } source)
            {
                IPreimageOracle outer = _recorder ?? source;
                _source = null;
                _recorder = null;
                try
                {
                    outer.Shutdown();
                }
                finally
                {
                    outer.Dispose();
                    source.Dispose();
                    OpenRecordings();
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Shutdown() => FinishRecording();

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorder?.Dispose();
        _source?.Dispose();
        _recordings.ForEach(recording => recording.Dispose());
    }

    private bool OpenSource()
    {
        if (_source is null && _openSource is not null)
        {
            byte[]? hint = _lastHint ?? LastRecordedHint();
            _source = _openSource();
            _recorder = TryRecord(_source);
            if (hint is not null)
            {
                Tell(hint);
            }
        }

        return _source is not null;
    }

    private byte[] Ask(ReadOnlySpan<byte> key)
    {
        try
        {
            if (_recorder is not null)
            {
                return _recorder.GetPreimage(key);
            }
        }
        catch (CulverinException error) when (error.Code == ErrorCode.FileAccess)
        {
            // Not disposed, since it would take the source with it; its file closes by itself.
            _recorder = null;
        }

        return _source!.GetPreimage(key);
    }

    // A hint that could not be recorded has reached the source before.
    private void Tell(ReadOnlySpan<byte> hint)
    {
        try
        {
            (_recorder ?? _source!).Hint(hint);
        }
        catch (CulverinException error) when (error.Code == ErrorCode.FileAccess && _recorder is not null)
        {
            _recorder = null;
        }
    }

    private RecordingOracle? TryRecord(IPreimageOracle source)
    {
        try
        {
            int number = Directory.GetFiles(_folder, FilePattern).Length;
            string path;
            do
            {
                path = Path.Combine(_folder, $"preimages-{number++}.record");
            }
            while (File.Exists(path));
            return new RecordingOracle(source, path);
        }
        catch (Exception error) when (error is CulverinException { Code: ErrorCode.FileAccess }
            || FileErrors.IsAccess(error))
        {
            return null;
        }
    }

    private byte[]? LastRecordedHint()
    {
        ReplayOracle? last = _recordings.LastOrDefault(recording => recording.HintCount > 0);
        try
        {
            return last?.ReadHint(last.HintCount - 1);
        }
        catch (CulverinException error) when (error.Code == ErrorCode.FileAccess)
        {
            return null;
        }
    }

    private string[] FilesByAge()
    {
        try
        {
            return [.. Directory.GetFiles(_folder, FilePattern).OrderBy(File.GetLastWriteTimeUtc)];
        }
        catch (Exception error) when (FileErrors.IsAccess(error))
        {
            throw FileErrors.Access(_folder, "read", error);
        }
    }

    private void OpenRecordings()
    {
        var opened = new List<ReplayOracle>();
        foreach (string path in FilesByAge())
        {
            try
            {
                opened.Add(new ReplayOracle(path, acceptUnfinished: true));
            }
            catch (CulverinException error) when (error.Code == ErrorCode.FileAccess)
            {
                // Of a damaged recording nothing is believed; what is missing then is asked for again.
            }
        }

        List<ReplayOracle> before = _recordings;
        Volatile.Write(ref _recordings, opened);
        before.ForEach(recording => recording.Dispose());
    }
}
