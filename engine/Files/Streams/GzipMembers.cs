using System.Buffers.Binary;
using System.IO.Hashing;
using Culverin.Primitives;

namespace Culverin.Files.Streams;

/// <summary>
/// Passes gzip data (RFC 1952) on to a decompressor and tells whether they end where a member ends. Where
/// that is only the decompressor knows, and it does not say; so the data are handed out in pieces that end
/// before everything that looks like the beginning of a member. It is one if the eight bytes in front of it
/// are the checksum and the length of what has come out since the last beginning.
/// </summary>
/// <remarks>
/// This relies on a decompressor that asks for more only when all that it was given has come out.
/// </remarks>
internal sealed class GzipMembers : ReadOnlyStream
{
    private const int BufferSizeBytes = 1 << 16;

    /// <summary>Ten bytes of header, two of an empty content's deflate data, eight of trailer.</summary>
    private const int MemberSizeMinBytes = 20;

    private readonly Stream _source;
    private readonly byte[] _buffer = new byte[BufferSizeBytes];
    private readonly Crc32 _checksum = new();
    private readonly byte[] _trailer = new byte[2 * sizeof(uint)];
    private int _start;
    private int _end;
    private long _memberBytes;
    private uint _contentBytes;

    /// <summary>Reads a stream, which is disposed with this one.</summary>
    public GzipMembers(Stream source) => _source = source;

    /// <summary>
    /// Whether a member ends here: its last fields are its content's checksum and length modulo 2^32. The
    /// length alone would not do: data that are cut short may happen to end with it.
    /// </summary>
    public bool IsAtMemberEnd => _memberBytes >= MemberSizeMinBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(_trailer.AsSpan(sizeof(uint))) == _contentBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(_trailer) == _checksum.GetCurrentHashAsUInt32();

    /// <summary>The two identifying bytes, and the only method there is: deflate.</summary>
    private static ReadOnlySpan<byte> Beginning => [0x1f, 0x8b, 8];

    /// <summary>Takes note of what the decompressor has given.</summary>
    public void AddContent(ReadOnlySpan<byte> content)
    {
        _contentBytes = unchecked(_contentBytes + (uint)content.Length);
        _checksum.Append(content);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        bool isLast = !Fill();
        ReadOnlySpan<byte> ready = _buffer.AsSpan(_start, _end - _start);
        if (ready.StartsWith(Beginning) && IsAtMemberEnd)
        {
            _memberBytes = 0;
            _contentBytes = 0;
            _checksum.Reset();
        }

        int piece = ready.IsEmpty ? -1 : ready[1..].IndexOf(Beginning);
        piece = piece >= 0 ? piece + 1 : isLast ? ready.Length : ready.Length - (Beginning.Length - 1);
        int count = Math.Min(piece, buffer.Length);
        ready[..count].CopyTo(buffer);
        Remember(ready[..count]);
        _start += count;
        _memberBytes += count;
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

    /// <summary>Reads until a beginning would be seen whole; false at the end.</summary>
    private bool Fill()
    {
        while (_end - _start < Beginning.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            int count = _source.Read(_buffer.AsSpan(_end));
            if (count == 0)
            {
                return false;
            }

            _end += count;
        }

        return true;
    }

    private void Remember(ReadOnlySpan<byte> passed)
    {
        ReadOnlySpan<byte> last = passed[Math.Max(0, passed.Length - _trailer.Length)..];
        _trailer.AsSpan(last.Length).CopyTo(_trailer);
        last.CopyTo(_trailer.AsSpan(_trailer.Length - last.Length));
    }
}
