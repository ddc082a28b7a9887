using System;
using System.IO;
using System.Threading;
using Culverin.Files;
using Culverin.Harness.Arenas;
using Culverin.Harness.Chain;
using Culverin.Oracle;
using PreimageKey = Culverin.Harness.Arenas.PreimageKey;

namespace Culverin.Harness.Host;

/// <summary>
/// Pre-images by key in a folder, one file each, named by the 64 hexadecimal digits of its key, as
/// <see cref="DirectoryOracle"/> reads them. Only data named by its Keccak-256 is kept. Files are written
/// whole or not at all, and checked against their name whenever they are read: a damaged one counts as
/// missing and is removed. May be used from several threads and processes at once.
/// </summary>
public sealed class PreimageStore
{
    /// <summary>Largest file that is read, in bytes: far above anything on a chain.</summary>
    public const int SizeBytesMax = 1 << 24;

    private readonly string _folder;
    private int _damagedCount;

    /// <summary>Uses a folder, which is made when it does not exist.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public PreimageStore(string folder)
    {
        try
        {
            _folder = Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception error) when (IsFileError(error))
        {
            throw new CulverinException(
                ErrorCode.FileAccess,
                $"The folder for pre-images '{folder}' cannot be made: {error.Message}",
                error);
        }
    }

    /// <summary>How many damaged files were found and removed.</summary>
    public int DamagedCount => Volatile.Read(ref _damagedCount);

    /// <summary>The key of data that is named by its Keccak-256.</summary>
    public static Bytes32 KeyOf(ReadOnlySpan<byte> data) => KeyOf(Bytes32.Keccak256(data));

    /// <summary>The key of the data that has this Keccak-256.</summary>
    public static Bytes32 KeyOf(Bytes32 hash)
    {
        byte[] key = hash.ToArray();
        key[0] = (byte)PreimageKeyType.Keccak256;
        return new Bytes32(key);
    }

    /// <summary>Keeps data under its own Keccak-256.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void Add(ReadOnlyMemory<byte> data)
    {
        Bytes32 key = KeyOf(data.Span);
        if (Find(key) is null)
        {
            AtomicFile.Write(PathOf(key), file => file.Write(data.Span));
        }
    }

    /// <summary>The data of a key; null when it is not there, or damaged.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public byte[]? Find(Bytes32 key)
    {
        if (PreimageKey.TypeOf(key) != PreimageKeyType.Keccak256)
        {
            return null;
        }

        string path = PathOf(key);
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                return null;
            }

            byte[]? data = file.Length <= SizeBytesMax ? File.ReadAllBytes(path) : null;
            if (data is not null && KeyOf(data) == key)
            {
                return data;
            }

            // Removed, so that the right data can take its place.
            Interlocked.Increment(ref _damagedCount);
            File.Delete(path);
            return null;
        }
        catch (FileNotFoundException)
        {
            // Another process found the same damage in the meantime.
            return null;
        }
        catch (Exception error) when (IsFileError(error))
        {
            throw new CulverinException(
                ErrorCode.FileAccess, $"The pre-image file '{path}' cannot be read: {error.Message}", error);
        }
    }

    private string PathOf(Bytes32 key) => Path.Combine(_folder, key.ToString()[2..]);

    private static bool IsFileError(Exception error) =>
        error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
