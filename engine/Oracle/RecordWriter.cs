using System.Buffers.Binary;
using Culverin.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Culverin.Oracle;

/// <summary>
/// Writes a record file (<see cref="RecordFormat"/>) beside its final place, and moves it there when
/// finished. Used by one thread at a time.
/// </summary>
internal sealed class RecordWriter : IDisposable
{
    private const int PartialNamesMax = 1000;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private long _position;
    private int _count;
    private bool _isBroken;

    /// <summary>Writes the header to an open, empty file, which it owns from now on.</summary>
    public RecordWriter(string path, string partialPath, SafeFileHandle file)
    {
        _path = path;
        PartialPath = partialPath;
        _file = file;
        try
        {
            Write([RecordFormat.Header()]);
        }
        catch (CulverinException)
        {
            _file.Dispose();
            throw;
        }
    }

    /// <summary>Where the records are until the recording is finished.</summary>
    public string PartialPath { get; }

    /// <summary>
    /// Creates the partial file for a recording that will be called <paramref name="path"/>.
    /// </summary>
    public static RecordWriter Create(string path)
    {
        if (SpecialFile.Is(path))
        {
            throw new CulverinException(
                ErrorCode.FileAccess,
                $"The recording '{path}' cannot be started: it is a device or a pipe, and only an ordinary "
                + "file can be moved there whole.");
        }

        (string partialPath, SafeFileHandle file) = CreatePartial(path);
        return new RecordWriter(path, partialPath, file);
    }

    /// <summary>Appends one record. When this returns, the record survives the end of this process.</summary>
    public void Append(RecordKind kind, ReadOnlySpan<byte> key, byte[] payload)
    {
        if (_count == RecordFormat.RecordCountMax)
        {
            throw new CulverinException(ErrorCode.LimitExceeded,
                $"The recording '{_path}' is full: it holds {RecordFormat.RecordCountMax} records.");
        }

        byte[] checksum = new byte[RecordFormat.ChecksumBytes];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, RecordFormat.Checksum(payload));
        Write([RecordFormat.Head(kind, key, payload.Length), payload, checksum]);
        _count++;
    }

    /// <summary>
    /// Adds the end record, waits until the disk has everything, and moves the file to its final name,
    /// replacing what was there. After a failed write the partial file is left as it is instead.
    /// </summary>
    public void Finish()
    {
        if (_isBroken)
        {
            _file.Dispose();
            return;
        }

        byte[] count = new byte[RecordFormat.EndPayloadBytes];
        BinaryPrimitives.WriteInt64BigEndian(count, _count);
        byte[] checksum = new byte[RecordFormat.ChecksumBytes];
        BinaryPrimitives.WriteUInt32BigEndian(checksum, RecordFormat.Checksum(count));
        try
        {
            Write([RecordFormat.Head(RecordKind.End, [], count.Length), count, checksum]);
            RandomAccess.FlushToDisk(_file);
            _file.Dispose();
            File.Move(PartialPath, _path, overwrite: true);
        }
        catch (Exception error) when (OracleErrors.IsFileError(error))
        {
            throw new CulverinException(ErrorCode.FileAccess,
                $"The recording '{_path}' cannot be finished; its records are in '{PartialPath}'. "
                + error.Message, error);
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>Closes the file without finishing it.</summary>
    public void Dispose() => _file.Dispose();

    private static (string Path, SafeFileHandle File) CreatePartial(string path)
    {
        // An earlier partial file may hold a recording that a crash cut short, or one that is being made now,
        // so it is never overwritten.
        for (int number = 1; ; number++)
        {
            string partial = number == 1 ? $"{path}.partial" : $"{path}.partial{number}";
            try
            {
                SafeFileHandle file = File.OpenHandle(
                    partial, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
                return (partial, file);
            }
            catch (IOException) when (File.Exists(partial) && number < PartialNamesMax)
            {
            }
            catch (Exception error) when (OracleErrors.IsFileError(error))
            {
                throw OracleErrors.File(path, "start the recording", error);
            }
        }
    }

    private void Write(ReadOnlyMemory<byte>[] parts)
    {
        try
        {
            RandomAccess.Write(_file, parts, _position);
            foreach (ReadOnlyMemory<byte> part in parts)
            {
                _position += part.Length;
            }
        }
        catch (Exception error) when (OracleErrors.IsFileError(error))
        {
            // What stands at the end now is unknown, so nothing may be added after it.
            _isBroken = true;
            throw OracleErrors.File(PartialPath, "write the recording", error);
        }
    }
}
