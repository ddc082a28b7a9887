using System.IO.Compression;
using Culverin.Primitives;

namespace Culverin.Files.Streams;

/// <summary>
/// Decompresses gzip data and takes nothing for an end but the end: the library's decompressor compares the
/// checksum when it gets there, but says nothing when the data stop before.
/// </summary>
/// <remarks>
/// As in the reference, data may consist of several members, whose contents follow each other, and anything
/// else behind a member is refused.
/// </remarks>
internal sealed class GzipReader : ReadOnlyStream
{
    private const int DrainSizeBytes = 4096;

    /// <summary>More than the decompressor may have left unread of sound data.</summary>
    private const int DrainMaxBytes = 1 << 20;

    private readonly GzipMembers _compressed;
    private readonly GZipStream _gzip;

    /// <summary>Decompresses a stream, which is disposed with this one.</summary>
    public GzipReader(Stream compressed)
    {
        _compressed = new GzipMembers(compressed);
        _gzip = new GZipStream(_compressed, CompressionMode.Decompress);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data are damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count = _gzip.Read(buffer);
        _compressed.AddContent(buffer[..count]);
        if (count == 0 && !buffer.IsEmpty)
        {
            CheckEnd();
        }

        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private void CheckEnd()
    {
        Span<byte> rest = stackalloc byte[DrainSizeBytes];
        int drained = 0;
        int count;
        while ((count = _compressed.Read(rest)) > 0 && drained <= DrainMaxBytes)
        {
            drained += count;
        }

        if (drained > 0 || !_compressed.IsAtMemberEnd)
        {
            throw new InvalidDataException(
                "The gzip data do not end with the checksum and the length of their content.");
        }
    }
}
