using Culverin.Harness.Host.Blobs;
using Culverin.Harness.Values;

namespace Culverin.Harness.Host;

/// <summary>
/// The blobs of a <see cref="PreimageStore"/>: a file each, named by its versioned hash, with commitment,
/// content and the Keccak-256 of both. Elements are found by their keys; of the blobs used last these are
/// known, for others the files are looked through.
/// </summary>
internal sealed class BlobShelf
{
    // Keys of 4,096 elements take some 300 KiB, a blob 128 KiB.
    private const int OpenMax = 16;

    private readonly Lock _gate = new();
    private readonly PreimageStore _store;
    private readonly string _folder;

    // The one that was used last comes last.
    private readonly List<OpenBlob> _open = [];

    internal BlobShelf(PreimageStore store, string folder)
    {
        _store = store;
        _folder = folder;
    }

    /// <summary>Keeps a blob.</summary>
    internal void Add(Blob blob)
    {
        byte[] content = [.. blob.Commitment.Span, .. blob.Content.Span];
        PreimageStore.WriteSealed(_folder, blob.VersionedHash, content);
        lock (_gate)
        {
            Open(blob);
        }
    }

    /// <summary>
    /// The blob that an element's key belongs to, and its place there; null when there is none.
    /// </summary>
    internal (Blob Blob, int Place)? Find(Bytes32 key)
    {
        lock (_gate)
        {
            return FindOpen(key) ?? FindOnDisk(key);
        }
    }

    private (Blob Blob, int Place)? FindOpen(Bytes32 key)
    {
        for (int index = _open.Count - 1; index >= 0; index--)
        {
            if (_open[index].Places.TryGetValue(key, out int place))
            {
                OpenBlob used = _open[index];
                _open.RemoveAt(index);
                _open.Add(used);
                return (used.Blob, place);
            }
        }

        return null;
    }

    private (Blob Blob, int Place)? FindOnDisk(Bytes32 key)
    {
        if (!Directory.Exists(_folder))
        {
            return null;
        }

        HashSet<Bytes32> seen = [.. _open.Select(each => each.Blob.VersionedHash)];
        foreach (string path in Directory.EnumerateFiles(_folder))
        {
            if (!Hex.TryParse("0x" + Path.GetFileName(path), out byte[]? name)
                || name!.Length != Bytes32.SizeBytes
                || seen.Contains(new Bytes32(name))
                || Read(new Bytes32(name)) is not { } blob)
            {
                continue;
            }

            OpenBlob opened = new(blob);
            if (opened.Places.TryGetValue(key, out int place))
            {
                Keep(opened);
                return (blob, place);
            }
        }

        return null;
    }

    private Blob? Read(Bytes32 versionedHash)
    {
        byte[]? content = _store.ReadSealed(_folder, versionedHash, data =>
            data.Length == Blob.CommitmentBytes + Blob.SizeBytes
            && Blob.VersionedHashOf(data.AsSpan(0, Blob.CommitmentBytes)) == versionedHash);
        return content is null
            ? null
            : new Blob(content.AsSpan(Blob.CommitmentBytes), content.AsSpan(0, Blob.CommitmentBytes));
    }

    private void Open(Blob blob)
    {
        if (_open.TrueForAll(each => each.Blob.VersionedHash != blob.VersionedHash))
        {
            Keep(new OpenBlob(blob));
        }
    }

    private void Keep(OpenBlob opened)
    {
        if (_open.Count == OpenMax)
        {
            _open.RemoveAt(0);
        }

        _open.Add(opened);
    }

    private sealed class OpenBlob
    {
        internal OpenBlob(Blob blob)
        {
            Blob = blob;
            for (int place = 0; place < Blob.ElementCount; place++)
            {
                Places[blob.KeyOf(place)] = place;
            }
        }

        internal Blob Blob { get; }

        internal Dictionary<Bytes32, int> Places { get; } = new(Blob.ElementCount);
    }
}
