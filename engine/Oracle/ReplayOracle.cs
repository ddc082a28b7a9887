using System.Buffers.Binary;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle;

/// <summary>
/// Serves pre-images from a file that <see cref="RecordingOracle"/> wrote. Opening it reads only the heads of
/// the records; values are read when asked for, and their checksum is verified each time. Hints are ignored.
/// A damaged or unfinished file is <see cref="ErrorCode.FileAccess"/>, a key that was not recorded
/// <see cref="ErrorCode.PreimageMissing"/>. Requests may come from several threads at once.
/// </summary>
internal sealed class ReplayOracle : IPreimageOracle
{
    private readonly string _path;
    private readonly OracleOptions _options;
    private readonly SafeFileHandle _file;
    private readonly long _fileBytes;
    private readonly Dictionary<PreimageKey, (long Offset, long Length)> _preimages = [];
    private readonly List<(long Offset, long Length)> _hints = [];

    /// <summary>
    /// Opens <paramref name="path"/>. With <paramref name="acceptUnfinished"/> a recording that was cut short
    /// is served up to its last readable record; <see cref="IsFinished"/> tells.
    /// </summary>
    public ReplayOracle(string path, OracleOptions? options = null, bool acceptUnfinished = false)
    {
        _path = path;
        _options = options ?? OracleOptions.Default;
        _options.Validate();
        try
        {
            NamedPipe.Refuse(path);
            _file = File.OpenHandle(path, options: FileOptions.RandomAccess);
        }
        catch (Exception error) when (OracleErrors.IsFileError(error))
        {
            throw OracleErrors.File(path, "open the recording", error);
        }

        try
        {
            _fileBytes = RandomAccess.GetLength(_file);
            string? fault = Index();
            IsFinished = fault is null;
            if (fault is not null && !acceptUnfinished)
            {
                throw Damaged(fault);
            }
        }
        catch (Exception error)
        {
            _file.Dispose();
            if (OracleErrors.IsFileError(error))
            {
                throw OracleErrors.File(path, "read the recording", error);
            }

            throw;
        }
    }

    /// <summary>Whether the recording was finished, and is readable to its end.</summary>
    public bool IsFinished { get; }

    /// <summary>The number of pre-images in the recording.</summary>
    public int PreimageCount => _preimages.Count;

    /// <summary>The number of hints in the recording.</summary>
    public int HintCount => _hints.Count;

    /// <summary>Whether the recording has a pre-image for a key.</summary>
    public bool Has(ReadOnlySpan<byte> key) => _preimages.ContainsKey(PreimageKey.From(key));

    /// <inheritdoc/>
    public byte[] GetPreimage(ReadOnlySpan<byte> key)
    {
        if (!_preimages.TryGetValue(PreimageKey.From(key), out (long Offset, long Length) place))
        {
            string cut = IsFinished ? "" : ", which was cut short";
            throw new CulverinException(ErrorCode.PreimageMissing,
                $"The recording '{_path}'{cut} has no pre-image for {PreimageKey.Text(key)}.");
        }

        if (place.Length > _options.PreimageBytesMax)
        {
            throw OracleErrors.TooLong(key, (ulong)place.Length, _options);
        }

        return ReadPayload(place);
    }

    /// <summary>
    /// Reads the hint with the given index, 0 to <see cref="HintCount"/> - 1, in the order of recording.
    /// </summary>
    public byte[] ReadHint(int index)
    {
        if ((uint)index >= (uint)_hints.Count)
        {
            throw new CulverinException(ErrorCode.InvalidArgument,
                $"The recording '{_path}' has {_hints.Count} hints; there is no hint {index}.");
        }

        (long offset, long length) = _hints[index];
        if (length > _options.PreimageBytesMax)
        {
            throw new CulverinException(ErrorCode.LimitExceeded,
                $"Hint {index} of '{_path}' has {length} bytes; {_options.PreimageBytesMax} are allowed.");
        }

        return ReadPayload((offset, length));
    }

    /// <inheritdoc/>
    public void Hint(ReadOnlySpan<byte> payload)
    {
    }

    /// <inheritdoc/>
    public void Shutdown() => _file.Dispose();

    /// <inheritdoc/>
    public void Dispose() => Shutdown();

    /// <summary>Notes where each record is; returns what is wrong with the file, or null.</summary>
    private string? Index()
    {
        Span<byte> head = stackalloc byte[RecordFormat.HeadBytes];
        int count = Fill(head[..RecordFormat.HeaderBytes], 0);
        string? fault = RecordFormat.HeaderFault(head[..count]);
        if (fault is not null)
        {
            // Nothing can be served from a file whose header is unknown, so this is no matter of being
            // unfinished.
            throw Damaged(fault);
        }

        long position = RecordFormat.HeaderBytes;
        while (true)
        {
            count = Fill(head, position);
            if (count < RecordFormat.HeadBytes)
            {
                return At("it is cut short", position);
            }

            if (!RecordFormat.TryReadHead(head, out RecordKind kind, out long length))
            {
                return At("it is damaged", position);
            }

            long payload = position + RecordFormat.HeadBytes;
            if (length > _fileBytes - payload - RecordFormat.ChecksumBytes)
            {
                return At("it is cut short", position);
            }

            position = payload + length + RecordFormat.ChecksumBytes;
            if (kind == RecordKind.End)
            {
                return EndFault(payload, position);
            }

            Note(kind, RecordFormat.Key(head), (payload, length));
        }
    }

    private void Note(RecordKind kind, ReadOnlySpan<byte> key, (long Offset, long Length) place)
    {
        if (_preimages.Count + _hints.Count == RecordFormat.RecordCountMax)
        {
            throw new CulverinException(ErrorCode.LimitExceeded,
                $"The recording '{_path}' has more than {RecordFormat.RecordCountMax} records.");
        }

        if (kind == RecordKind.Hint)
        {
            _hints.Add(place);
        }
        else if (!_preimages.TryAdd(PreimageKey.From(key), place))
        {
            throw Damaged(At($"it has {PreimageKey.Text(key)} twice", place.Offset));
        }
    }

    private string? EndFault(long payload, long end)
    {
        byte[]? count = TryReadPayload((payload, RecordFormat.EndPayloadBytes));
        if (count is null || BinaryPrimitives.ReadInt64BigEndian(count) != _preimages.Count + _hints.Count)
        {
            return At("its end record does not fit the records before it", payload);
        }

        return end == _fileBytes ? null : At("something follows its end", end);
    }

    private byte[] ReadPayload((long Offset, long Length) place)
    {
        try
        {
            return TryReadPayload(place)
                ?? throw Damaged(At("a record's content does not fit its checksum", place.Offset));
        }
        catch (ObjectDisposedException error)
        {
            throw new CulverinException(ErrorCode.Cancelled, "The recording was already closed.", error);
        }
        catch (Exception error) when (OracleErrors.IsFileError(error))
        {
            throw OracleErrors.File(_path, "read the recording", error);
        }
    }

    private byte[]? TryReadPayload((long Offset, long Length) place)
    {
        byte[] payload = new byte[place.Length];
        Span<byte> checksum = stackalloc byte[RecordFormat.ChecksumBytes];
        bool isWhole = Fill(payload, place.Offset) == payload.Length
            && Fill(checksum, place.Offset + place.Length) == checksum.Length
            && BinaryPrimitives.ReadUInt32BigEndian(checksum) == RecordFormat.Checksum(payload);
        return isWhole ? payload : null;
    }

    private int Fill(Span<byte> buffer, long position)
    {
        int done = 0;
        while (done < buffer.Length)
        {
            int count = RandomAccess.Read(_file, buffer[done..], position + done);
            if (count == 0)
            {
                break;
            }

            done += count;
        }

        return done;
    }

    private CulverinException Damaged(string fault)
    {
        return new CulverinException(
            ErrorCode.FileAccess, $"The recording '{_path}' cannot be used: {fault}.");
    }

    private static string At(string fault, long position)
    {
        return $"{fault} at byte {position}";
    }
}
