using System.Text;

namespace Culverin.Oracle.Server;

/// <summary>
/// Cuts a stream of UTF-8 bytes into lines without their ends. A line longer than <see cref="LineBytesMax"/>
/// is delivered in pieces, so memory is bounded. Bytes that are not UTF-8 become replacement characters.
/// </summary>
internal sealed class LineAssembler
{
    /// <summary>The longest line in bytes.</summary>
    public const int LineBytesMax = 16 * 1024;

    private readonly List<byte> _pending = [];
    private readonly Action<string> _deliver;

    /// <summary>Gives each line to <paramref name="deliver"/>.</summary>
    public LineAssembler(Action<string> deliver)
    {
        _deliver = deliver;
    }

    /// <summary>Adds bytes and delivers the lines that they complete.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf((byte)'\n');
            int room = LineBytesMax - _pending.Count;
            int taken = Math.Min(end < 0 ? bytes.Length : end, room);
            _pending.AddRange(bytes[..taken]);
            bytes = bytes[taken..];
            if (taken == end)
            {
                bytes = bytes[1..];
                Deliver();
            }
            else if (_pending.Count == LineBytesMax && !bytes.IsEmpty)
            {
                Deliver();
            }
        }
    }

    /// <summary>Delivers what came after the last line end, if anything.</summary>
    public void Finish()
    {
        if (_pending.Count > 0)
        {
            Deliver();
        }
    }

    private void Deliver()
    {
        ReadOnlySpan<byte> line = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pending);
        if (line.Length > 0 && line[^1] == (byte)'\r')
        {
            line = line[..^1];
        }

        string text = Encoding.UTF8.GetString(line);
        _pending.Clear();
        _deliver(text);
    }
}
