using System;
using System.Buffers.Binary;
using System.IO;

namespace Culverin.Files;

/// <summary>Passes a stream on and remembers the last four bytes that went through.</summary>
internal sealed class TailStream : ReadOnlyStream
{
    private readonly Stream _source;
    private readonly byte[] _tail = new byte[sizeof(uint)];
    private long _total;

    /// <summary>Reads a stream, which is disposed with this one.</summary>
    public TailStream(Stream source) => _source = source;

    /// <summary>The last four bytes as a little-endian number; null when there were fewer.</summary>
    public uint? Tail => _total < sizeof(uint) ? null : BinaryPrimitives.ReadUInt32LittleEndian(_tail);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int count = _source.Read(buffer);
        ReadOnlySpan<byte> last = buffer[Math.Max(0, count - _tail.Length)..count];
        _tail.AsSpan(last.Length).CopyTo(_tail);
        last.CopyTo(_tail.AsSpan(_tail.Length - last.Length));
        _total += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }
}
