using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Culverin.Inspect.Debug;

/// <summary>
/// The packets of GDB's remote protocol over a stream (GDB manual, appendix E): frames, checksums,
/// acknowledgements, and the byte that interrupts.
/// </summary>
internal sealed class GdbConnection : IDisposable
{
    /// <summary>Most bytes of a packet, in both directions.</summary>
    public const int PacketMaxBytes = 1 << 16;

    private const byte Interrupt = 3;
    private const byte Escape = (byte)'}';
    private const byte EscapeMask = 0x20;
    private const int WaitingPacketsMax = 64;

    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Lock _writing = new();
    private readonly Channel<string> _packets = Channel.CreateBounded<string>(WaitingPacketsMax);
    private volatile bool _acknowledges = true;
    private volatile bool _acknowledgesNoMore;
    private CancellationTokenSource? _running;

    /// <summary>Begins to read.</summary>
    public GdbConnection(Stream input, Stream output)
    {
        (_input, _output) = (input, output);
        new Thread(Read) { IsBackground = true, Name = "gdb" }.Start();
    }

    /// <summary>The next packet; null when the other side has gone.</summary>
    public string? Receive()
    {
        ValueTask<bool> waiting = _packets.Reader.WaitToReadAsync();
        return waiting.AsTask().GetAwaiter().GetResult() && _packets.Reader.TryRead(out string? packet)
            ? packet
            : null;
    }

    /// <summary>Stops sending acknowledgements after the answer that comes next.</summary>
    public void StopAcknowledging() => _acknowledgesNoMore = true;

    /// <summary>Names what an interrupt, or the end of the connection, cancels.</summary>
    public void SetRunning(CancellationTokenSource? running)
    {
        lock (_writing)
        {
            _running = running;
            if (_packets.Reader.Completion.IsCompleted)
            {
                running?.Cancel();
            }
        }
    }

    /// <summary>Sends an answer of ASCII characters.</summary>
    /// <exception cref="IOException">The other side has gone.</exception>
    public void Send(string answer)
    {
        var packet = new StringBuilder("$", answer.Length + 4);
        int sum = 0;
        foreach (char each in answer)
        {
            if (each is '#' or '$' or '}' or '*')
            {
                Append(packet, (char)Escape, ref sum);
                Append(packet, (char)(each ^ EscapeMask), ref sum);
            }
            else
            {
                Append(packet, each, ref sum);
            }
        }

        packet.Append(CultureInfo.InvariantCulture, $"#{sum & 0xFF:x2}");
        Write(Encoding.Latin1.GetBytes(packet.ToString()));
        if (_acknowledgesNoMore)
        {
            _acknowledges = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _input.Dispose();
        _output.Dispose();
    }

    private static void Append(StringBuilder packet, char each, ref int sum)
    {
        packet.Append(each);
        sum += each;
    }

    private void Write(byte[] bytes)
    {
        lock (_writing)
        {
            _output.Write(bytes);
            _output.Flush();
        }
    }

    private void Read()
    {
        try
        {
            using var buffered = new BufferedStream(_input, PacketMaxBytes);
            for (int next; (next = buffered.ReadByte()) >= 0;)
            {
                if (next == Interrupt)
                {
                    Cancel();
                }
                else if (next == '$' && ReadPacket(buffered) is { } packet
                    && !_packets.Writer.TryWrite(packet))
                {
                    break;
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The other side has gone.
        }

        _packets.Writer.Complete();
        Cancel();
    }

    // Null for a packet that is to be sent again.
    private string? ReadPacket(Stream stream)
    {
        var packet = new StringBuilder();
        int sum = 0;
        for (int next; (next = stream.ReadByte()) != '#';)
        {
            if (next < 0 || packet.Length > PacketMaxBytes)
            {
                throw new IOException("A packet has no end, or is too long.");
            }

            sum += next;
            if (next == Escape)
            {
                next = stream.ReadByte();
                sum += next;
                next ^= EscapeMask;
            }

            packet.Append((char)next);
        }

        string said = $"{(char)stream.ReadByte()}{(char)stream.ReadByte()}";
        bool isRight = int.TryParse(
            said, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int expected)
            && expected == (sum & 0xFF);
        if (_acknowledges)
        {
            Write(isRight ? "+"u8.ToArray() : "-"u8.ToArray());
        }

        return isRight || !_acknowledges ? packet.ToString() : null;
    }

    private void Cancel()
    {
        lock (_writing)
        {
            _running?.Cancel();
        }
    }
}
