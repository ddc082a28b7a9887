using System;
using System.IO;
using System.IO.Compression;

namespace Culverin.Files;

/// <summary>
/// Decompresses gzip data and takes nothing for an end but the end: the library's decompressor compares the
/// checksum when it gets there, but says nothing when the data stop before.
/// </summary>
/// <remarks>
/// Gzip data close with the length of their content, so at the end that many bytes must have come out. Data
/// of several members or with something behind them are therefore refused too; the reference writes neither.
/// </remarks>
internal sealed class GzipReader : ReadOnlyStream
{
    private const int DrainSizeBytes = 4096;

    /// <summary>More than the decompressor may have left unread of sound data.</summary>
    private const int DrainMaxBytes = 1 << 20;

    private readonly TailStream _compressed;
    private readonly GZipStream _gzip;
    private uint _lengthBytes;

    /// <summary>Decompresses a stream, which is disposed with this one.</summary>
    public GzipReader(Stream compressed)
    {
        _compressed = new TailStream(compressed);
        _gzip = new GZipStream(_compressed, CompressionMode.Decompress);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The data are damaged or cut short.</exception>
    public override int Read(Span<byte> buffer)
    {
        int count = _gzip.Read(buffer);

        // The length in the data is modulo 2^32.
        _lengthBytes = unchecked(_lengthBytes + (uint)count);
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
        bool isEnd = false;
        for (int drained = 0; !isEnd && drained <= DrainMaxBytes; drained += rest.Length)
        {
            isEnd = _compressed.Read(rest) == 0;
        }

        if (!isEnd || _compressed.Tail != _lengthBytes)
        {
            throw new InvalidDataException("The gzip data do not end with the length of their content.");
        }
    }
}
