using System.Buffers.Binary;
using System.Security.Cryptography;
using Culverin.Files.Streams;
using Culverin.Harness.Arenas.Oracle;
using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Values;
using Culverin.Oracle;
using Culverin.Primitives;

namespace Culverin.Harness.Host;

/// <summary>
/// Pre-images by key in a folder. What is named by its Keccak-256 or SHA-256 is one file each, named by the
/// 64 hexadecimal digits of its key, as <see cref="DirectoryOracle"/> reads them. Blobs, and answers of
/// precompiled contracts with their questions, lie in folders of their own. Files are written whole or not at
/// all, and checked whenever they are read, against their name, or against the Keccak-256 at their end: a
/// damaged one counts as missing and is removed. May be used from several threads and processes at once.
/// </summary>
public sealed class PreimageStore
{
    /// <summary>Largest file that is read, in bytes: far above anything on a chain.</summary>
    public const int SizeBytesMax = 1 << 24;

    private const string AnswerFolder = "answers";

    private readonly string _folder;
    private readonly BlobShelf _blobs;
    private int _damagedCount;

    /// <summary>Uses a folder, which is made when it does not exist.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public PreimageStore(string folder)
    {
        try
        {
            _folder = Directory.CreateDirectory(folder).FullName;
            _blobs = new BlobShelf(this, Path.Combine(_folder, "blobs"));
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
    public static Bytes32 KeyOf(Bytes32 hash) => KeyOf(PreimageKeyType.Keccak256, hash);

    /// <summary>The key of a type that goes with a hash.</summary>
    internal static Bytes32 KeyOf(PreimageKeyType type, Bytes32 hash)
    {
        byte[] key = hash.ToArray();
        key[0] = (byte)type;
        return new Bytes32(key);
    }

    /// <summary>The key of data that is named by its SHA-256.</summary>
    internal static Bytes32 Sha256KeyOf(ReadOnlySpan<byte> data) =>
        KeyOf(PreimageKeyType.Sha256, new Bytes32(SHA256.HashData(data)));

    /// <summary>Keeps data under its own Keccak-256.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void Add(ReadOnlyMemory<byte> data) => AddNew(KeyOf(data.Span), data);

    /// <summary>Keeps data under its own SHA-256.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void AddSha256(ReadOnlyMemory<byte> data) => AddNew(Sha256KeyOf(data.Span), data);

    /// <summary>Keeps a blob, element by element, and its commitment. It must have been checked.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void AddBlob(Blob blob)
    {
        _blobs.Add(blob);
        AddSha256(blob.Commitment);
    }

    /// <summary>Keeps what a precompiled contract answered to a question.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public void AddAnswer(ReadOnlyMemory<byte> question, ReadOnlyMemory<byte> answer)
    {
        byte[] content = new byte[sizeof(int) + question.Length + answer.Length];
        BinaryPrimitives.WriteInt32BigEndian(content, question.Length);
        question.CopyTo(content.AsMemory(sizeof(int)));
        answer.CopyTo(content.AsMemory(sizeof(int) + question.Length));
        Bytes32 key = KeyOf(PreimageKeyType.Precompile, Bytes32.Keccak256(question.Span));
        WriteSealed(Path.Combine(_folder, AnswerFolder), key, content);
    }

    /// <summary>The data of a key; null when it is not there, or damaged.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public byte[]? Find(Bytes32 key) => OracleKey.TypeOf(key) switch
    {
        PreimageKeyType.Keccak256 => Read(PathOf(key), data => KeyOf(data) == key),
        PreimageKeyType.Sha256 => Read(PathOf(key), data => Sha256KeyOf(data) == key),
        PreimageKeyType.Precompile => FindAnswer(key)?.Answer,
        PreimageKeyType.Blob when _blobs.Find(key) is { } found =>
            found.Blob.Element(found.Place).ToArray(),
        _ => null,
    };

    /// <summary>
    /// The question that a precompiled contract was asked: address, gas in programs that name it, and input;
    /// null when it is not there.
    /// </summary>
    public byte[]? FindQuestion(Bytes32 key) => FindAnswer(key)?.Question;

    /// <summary>
    /// The blob that an element's key belongs to, and its place there; null when it is not there.
    /// </summary>
    public (Blob Blob, int Place)? FindBlob(Bytes32 key) => _blobs.Find(key);

    /// <summary>Writes a file with the Keccak-256 of its content at its end.</summary>
    internal static void WriteSealed(string folder, Bytes32 name, ReadOnlyMemory<byte> content)
    {
        _ = Directory.CreateDirectory(folder);
        AtomicFile.Write(Path.Combine(folder, name.ToString()[2..]), file =>
        {
            file.Write(content.Span);
            file.Write(Bytes32.Keccak256(content.Span).ToArray());
        });
    }

    /// <summary>Reads such a file; null when it is not there, or damaged.</summary>
    internal byte[]? ReadSealed(string folder, Bytes32 name, Predicate<byte[]> isRight)
    {
        const int SealBytes = Bytes32.SizeBytes;
        byte[]? whole = Read(
            Path.Combine(folder, name.ToString()[2..]),
            data => data.Length >= SealBytes
                && Bytes32.Keccak256(data.AsSpan()[..^SealBytes]) == new Bytes32(data.AsSpan()[^SealBytes..])
                && isRight(data[..^SealBytes]));
        return whole?[..^SealBytes];
    }

    private (byte[] Question, byte[] Answer)? FindAnswer(Bytes32 key)
    {
        byte[]? content = ReadSealed(Path.Combine(_folder, AnswerFolder), key, data =>
        {
            int length = data.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian(data);
            if (length < 0 || length > data.Length - sizeof(int))
            {
                return false;
            }

            Bytes32 hash = Bytes32.Keccak256(data.AsSpan(sizeof(int), length));
            return KeyOf(PreimageKeyType.Precompile, hash) == key;
        });
        if (content is null)
        {
            return null;
        }

        int end = sizeof(int) + BinaryPrimitives.ReadInt32BigEndian(content);
        return (content[sizeof(int)..end], content[end..]);
    }

    private void AddNew(Bytes32 key, ReadOnlyMemory<byte> data)
    {
        if (Find(key) is null)
        {
            AtomicFile.Write(PathOf(key), file => file.Write(data.Span));
        }
    }

    private byte[]? Read(string path, Predicate<byte[]> isRight)
    {
        try
        {
            FileInfo file = new(path);
            if (!file.Exists)
            {
                return null;
            }

            NamedPipe.Refuse(path);
            byte[]? data = file.Length <= SizeBytesMax ? File.ReadAllBytes(path) : null;
            if (data is not null && isRight(data))
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
